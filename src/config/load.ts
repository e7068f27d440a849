import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { messageOf, UsageError } from '../errors.ts'
import { parseConfig } from './parse.ts'
import type { Config } from './schema.ts'

/**
 * Reads `cosmos.yaml`, with all defaults filled in.
 * @throws UsageError `config-missing`, `config-unreadable`, or `config-invalid` with `file:line:column` of every problem.
 */
export async function loadConfig(path: string): Promise<Config> {
  return parseConfig(await read(path), shown(path))
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UsageError(`There is no ${shown(path)}.`, {
        code: 'config-missing',
        hint: 'Make one: cosmos init — or try it without an account: cosmos up --lab',
        cause,
      })
    }
    throw new UsageError(`${shown(path)} cannot be read: ${messageOf(cause)}`, {
      code: 'config-unreadable',
      cause,
    })
  }
}

/** Relative when it is below the working folder: short enough to read, and still something an editor can open. */
function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}
