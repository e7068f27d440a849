import { lstat, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import { CosmosError, messageOf, RefusedError, UsageError } from '../../errors.ts'
import { writeAtomically } from '../../files/index.ts'

/** The text of a manifest file or of standard input (`-`). @throws UsageError `input-missing`, `input-encoding` */
export async function readText(path: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readBytes(path)
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`, {
      code: 'input-missing',
      cause: error,
    })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new UsageError(`${path === '-' ? 'Standard input' : path} is not UTF-8 text.`, {
      code: 'input-encoding',
      cause: error,
    })
  } finally {
    bytes.fill(0)
  }
}

/** The bytes of a file; `-` and `/dev/stdin` are standard input, also where that is a socket, which cannot be opened by name. */
export function readBytes(path: string): Promise<Buffer> {
  return path === '-' || path === '/dev/stdin' ? readStdin() : readFile(path)
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/**
 * Where a write to this path ends up: through a symbolic link, but never out of the folder that is worked on.
 * @throws RefusedError `symlink-outside`
 */
export async function writeTarget(path: string, root: string): Promise<string> {
  const link = await lstat(path).catch(() => undefined)
  if (!link?.isSymbolicLink()) return path
  const real = await realpath(path).catch(() => undefined)
  if (real !== undefined && isInside(real, await realpath(root))) return real
  throw new RefusedError(
    `${path} is a symbolic link that leads out of ${root}; nothing is written through it.`,
    {
      code: 'symlink-outside',
      hint: 'Name the real file.',
    },
  )
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && way !== path
}

export type WriteOptions = {
  signal: AbortSignal
  /** Folder that the file must not lead out of; its own one when left out. */
  root?: string
  /** Permission bits, also of a file that is there already. Without it, that one keeps its own. */
  mode?: number
}

/** Replaces or makes a file in one step. @throws CosmosError `output-unwritable`; the file is then as it was */
export async function writeFileSafely(
  path: string,
  text: string | Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const target = await writeTarget(path, options.root ?? dirname(path))
  const existing = await stat(target).catch(() => undefined)
  const mode = options.mode ?? (existing === undefined ? 0o644 : existing.mode & 0o777)
  try {
    await writeAtomically(target, text, { mode, signal: options.signal })
  } catch (error) {
    if (error instanceof CosmosError) throw error
    throw new CosmosError(`${path} cannot be written: ${messageOf(error)}`, {
      code: 'output-unwritable',
      cause: error,
    })
  }
}
