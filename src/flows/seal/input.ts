import { stat } from 'node:fs/promises'
import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { readDocuments, readSecret, type Secret } from '../../sealing/index.ts'
import { readText } from './files.ts'
import { isFolder } from './folder.ts'
import { secretFromFlags, secretFromPerson } from './made-secret.ts'
import type { SealOptions } from './options.ts'

/**
 * The Secrets to seal: made from flags or answers, or out of a file or standard input.
 * @throws UsageError `input-missing`, `seal-input`, or what is wrong with a manifest
 */
export async function readInput(cli: Cli, options: SealOptions): Promise<Secret[]> {
  const { input, literals, files } = options
  if (literals.length > 0 || files.length > 0) return [await secretFromFlags(madeFrom(options))]
  if (input === undefined && process.stdin.isTTY) {
    throw new UsageError('There is nothing to seal.', {
      code: 'input-missing',
      hint: 'Give a manifest (cosmos seal FILE), pipe one in, or name a secret to make: cosmos seal NAME -n NAMESPACE',
    })
  }
  const path = input ?? '-'
  if (path !== '-' && !(await exists(path))) {
    if (cli.interactive && !/[./]/.test(path)) return [await secretFromPerson(cli, madeFrom(options))]
    throw new UsageError(`There is no file ${path}.`, {
      code: 'input-missing',
      hint: `To make a secret of that name: cosmos seal ${path} -n NAMESPACE --from-literal KEY=VALUE`,
    })
  }
  if (await isFolder(path)) {
    throw new UsageError(`${path} is a folder.`, {
      code: 'input-folder',
      hint: `Seal its files in place: cosmos seal -i ${path}`,
    })
  }
  return secretsOf(await readText(path), path === '-' ? 'standard input' : path)
}

/** Every document of a manifest, each of which must be a Secret. */
export async function secretsOf(text: string, name: string): Promise<Secret[]> {
  const { documents } = await readDocuments(text, name)
  if (documents.length === 0) {
    throw new UsageError(`There is no manifest in ${name}.`, { code: 'not-a-secret' })
  }
  return documents.map(({ value, where }) => readSecret(value, where))
}

/** The argument is the name where a secret is made. */
function madeFrom({ input, name, namespace, type, labels, literals, files }: SealOptions) {
  if (input !== undefined && name !== undefined && input !== name) {
    throw new UsageError(`The secret is called both ${input} and ${name}.`, { code: 'seal-conflict' })
  }
  return { name: input ?? name, namespace, type, labels, literals, files }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
