import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { httpsForm } from './repository-url.ts'

/** The repository's address as https, from the remote `origin`; undefined without one. May hold a credential: do not show it. */
export async function originUrl(cwd: string, signal: AbortSignal): Promise<string | undefined> {
  const address = await git(['remote', 'get-url', 'origin'], cwd, signal)
  if (address === undefined) return undefined
  return httpsForm(address) ?? (address.startsWith('https://') ? address : undefined)
}

export function currentBranch(cwd: string, signal: AbortSignal): Promise<string | undefined> {
  return git(['symbolic-ref', '--short', 'HEAD'], cwd, signal)
}

export function userEmail(cwd: string, signal: AbortSignal): Promise<string | undefined> {
  return git(['config', 'user.email'], cwd, signal)
}

/** Top folder of the working tree, or undefined outside one. */
export function repositoryRoot(cwd: string, signal: AbortSignal): Promise<string | undefined> {
  return git(['rev-parse', '--show-toplevel'], cwd, signal)
}

/** Only defaults come from Git: no Git, no repository, no answer are all the same here. */
async function git(args: string[], cwd: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', args, { cwd, signal, timeout: 5000 })
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}
