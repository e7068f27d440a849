import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import {
  asText,
  type Format,
  isSealedSecret,
  openSealed,
  readDocuments,
  readSealedSecret,
  renderObjects,
  type SealedSecret,
  secretObject,
  wipe,
} from '../../sealing/index.ts'
import { readText, writeFileSafely } from './files.ts'
import { isFolder, manifestFiles } from './folder.ts'
import { mentionsSealedSecret } from './mentions.ts'
import { openRing } from './ring.ts'

export type UnsealOptions = {
  /** File, folder or `-`. */
  input: string
  key: string | undefined
  /** Show values also on a terminal. */
  reveal: boolean
  output: string | undefined
  format: Format
}

const mask = '••••••••'

/** `cosmos unseal`: what the controller would make of SealedSecrets. On a terminal values are masked unless asked for. */
export async function unseal(cli: Cli, options: UnsealOptions): Promise<Record<string, unknown>> {
  const shown = options.reveal || options.output !== undefined || (!cli.json && !process.stdout.isTTY)
  const opened = await openInput(cli, options)
  try {
    for (const { sealed } of opened) noteTemplates(cli, sealed)
    if (!shown) cli.note('Values are masked; show them with --reveal.')
    if (options.key !== undefined) return await oneValue(cli, opened, options.key, { ...options, shown })
    const objects = opened.map(({ sealed, data }) => secretObject(sealed, shown ? data : masked(data)))
    const text = await renderObjects(objects, options.format)
    if (options.output === undefined) cli.out(text.trimEnd())
    else await writeFileSafely(options.output, text, { signal: cli.signal, mode: 0o600 })
    return options.output === undefined
      ? { secrets: objects }
      : { file: options.output, count: objects.length }
  } finally {
    for (const { data } of opened) wipe({ data })
  }
}

type OpenedSecret = { sealed: SealedSecret; data: Map<string, Buffer> }

async function openInput(cli: Cli, { input, key }: UnsealOptions): Promise<OpenedSecret[]> {
  const folder = await isFolder(input)
  const opened: OpenedSecret[] = []
  const sealed: SealedSecret[] = []
  for (const file of folder ? await manifestFiles(input, cli.signal) : [input]) {
    const text = await readText(file)
    if (!folder || mentionsSealedSecret(text)) sealed.push(...(await sealedIn(text, file)))
  }
  if (key !== undefined && sealed.length !== 1) {
    throw new UsageError(`--key takes a value out of one SealedSecret; here are ${sealed.length}.`, {
      code: 'unseal-key',
    })
  }
  const ring = await openRing(cli)
  for (const secret of sealed) opened.push({ sealed: secret, data: openSealed(secret, ring, key).data })
  return opened
}

async function sealedIn(text: string, file: string): Promise<SealedSecret[]> {
  const name = file === '-' ? 'standard input' : file
  const { documents } = await readDocuments(text, name)
  const sealed = documents.filter(({ value }) => isSealedSecret(value))
  if (sealed.length === 0) readSealedSecret(documents[0]?.value, name)
  return sealed.map(({ value, where }) => readSealedSecret(value, where))
}

/** The bytes of one value and nothing else, so that they can be piped on. */
async function oneValue(
  cli: Cli,
  [opened]: readonly OpenedSecret[],
  key: string,
  { output, shown }: UnsealOptions & { shown: boolean },
): Promise<Record<string, unknown>> {
  const value = opened?.data.get(key) ?? Buffer.alloc(0)
  if (output !== undefined) {
    await writeFileSafely(output, value, { signal: cli.signal, mode: 0o600 })
    return { key, file: output }
  }
  if (!shown) {
    cli.out(mask)
    return { key, value: mask }
  }
  const text = asText(value)
  if (!cli.json) await writeOut(process.stdout.isTTY ? Buffer.concat([value, Buffer.from('\n')]) : value)
  return text === undefined ? { key, base64: value.toString('base64') } : { key, value: text }
}

/** Resolves when the bytes are handed over, because they are wiped next. */
function writeOut(bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, error => (error ? reject(error) : resolve()))
  })
}

function noteTemplates(cli: Cli, { where, template }: SealedSecret): void {
  const names = Object.keys(template.data)
  if (names.length > 0)
    cli.note(`${where}: ${names.join(', ')}: templates, which the controller fills in; left out.`)
}

function masked(data: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  return new Map([...data.keys()].map(key => [key, Buffer.from(mask)]))
}
