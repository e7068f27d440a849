import { basename } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { messageOf, UsageError } from '../../errors.ts'
import type { Secret } from '../../sealing/index.ts'
import { readBytes } from './files.ts'

export type MadeFrom = {
  name: string | undefined
  namespace: string | undefined
  type: string | undefined
  labels: readonly string[]
  literals: readonly string[]
  files: readonly string[]
}

/** A Secret made on the spot from flags, as `kubectl create secret generic` makes it. @throws UsageError */
export async function secretFromFlags(from: MadeFrom): Promise<Secret> {
  const data = new Map<string, Buffer>()
  for (const [index, literal] of from.literals.entries()) {
    const [key, value] = splitPair(literal)
    // The word itself may be the secret: it is counted, not quoted.
    if (value === undefined) throw bad(`--from-literal number ${index + 1} is not KEY=VALUE.`)
    add(data, key, Buffer.from(value))
  }
  for (const file of from.files) {
    const [first, path] = splitPair(file)
    add(data, path === undefined ? basename(file) : first, await contents(path ?? file))
  }
  return secretOf(from, data)
}

/** A Secret from answers of a person: keys shown, values hidden. */
export async function secretFromPerson(cli: Cli, from: MadeFrom): Promise<Secret> {
  const { askSecret, askText } = await import('../prompts.ts')
  const data = new Map<string, Buffer>()
  for (;;) {
    const key = await askText(data.size === 0 ? 'Key:' : 'Next key (nothing to finish):', cli.signal)
    if (key === '') return secretOf(from, data)
    add(data, key, Buffer.from(await askSecret(`Value of ${key}:`, cli.signal)))
  }
}

function secretOf({ name, namespace, type, labels }: MadeFrom, data: Map<string, Buffer>): Secret {
  const pairs = labels.map(label => {
    const [key, value] = splitPair(label)
    if (value === undefined) throw bad(`--label ${label} is not KEY=VALUE.`)
    return [key, value]
  })
  return {
    where: name === undefined ? 'the secret' : `secret ${name}`,
    ...{ name, namespace, data, annotations: {}, immutable: undefined, ignored: [] },
    metadata: pairs.length === 0 ? {} : { labels: Object.fromEntries(pairs) },
    type: type ?? 'Opaque',
  }
}

function add(data: Map<string, Buffer>, key: string, value: Buffer): void {
  if (key === '') throw bad('A key is empty.')
  if (data.has(key)) throw bad(`The key ${key} is given twice.`)
  data.set(key, value)
}

async function contents(path: string): Promise<Buffer> {
  try {
    return await readBytes(path)
  } catch (error) {
    throw bad(`--from-file: ${messageOf(error)}`, error)
  }
}

function splitPair(text: string): [string, string | undefined] {
  const at = text.indexOf('=')
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function bad(message: string, cause?: unknown): UsageError {
  return new UsageError(message, { code: 'seal-input', hint: 'cosmos seal --help', cause })
}
