import { readFile } from 'node:fs/promises'

/**
 * The text of a .gitignore that covers `.cosmos/` too, beside the one before; undefined when it does already.
 * @param path of the .gitignore
 */
export async function extendedGitignore(
  path: string,
): Promise<{ before: string | undefined; text: string } | undefined> {
  const before = await readIfThere(path)
  const text = before ?? ''
  if (text.split('\n').some(line => /^\/?\.cosmos\/?\s*$/.test(line))) return undefined
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  return { before, text: `${text}${separator}.cosmos/\n` }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
