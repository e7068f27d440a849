import { readFile } from 'node:fs/promises'

/** The text of a .gitignore that covers `.cosmos/` too, or undefined when it does already. @param path of the .gitignore */
export async function extendedGitignore(path: string): Promise<string | undefined> {
  const text = await readIfThere(path)
  if (text.split('\n').some(line => /^\/?\.cosmos\/?\s*$/.test(line))) return undefined
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${separator}.cosmos/\n`
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
