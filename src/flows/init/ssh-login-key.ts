import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir, hostname, userInfo } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { messageOf, UsageError } from '../../errors.ts'
import { generateKeyPair } from '../../ssh/index.ts'

export type LoginKey = {
  publicKey: string
  /** As it should stand in cosmos.yaml: with `~` where it is below the home folder. */
  privateKey: string
  /** Whether it was made just now. */
  created: boolean
}

/**
 * The key pair to log in with: the one at the path, or a new ed25519 one where there is none.
 * A new one has no passphrase, like every key that a machine has to use alone.
 * @param path of the private key; `~` is the home folder
 * @throws UsageError `ssh-public-key-missing` when only the private half is there
 */
export async function ensureLoginKey(
  path: string,
  options: { cwd: string; home?: string | undefined },
): Promise<LoginKey> {
  const home = options.home ?? homedir()
  const full = resolve(options.cwd, expand(path, home))
  const shown = full.startsWith(`${home}/`) ? `~${full.slice(home.length)}` : full
  const publicKey = await readPublicKey(`${full}.pub`)
  if (publicKey !== undefined) return { publicKey, privateKey: shown, created: false }
  return { publicKey: await makeKeyPair(full), privateKey: shown, created: true }
}

function expand(path: string, home: string): string {
  return path.startsWith('~/') && !isAbsolute(path) ? join(home, path.slice(2)) : path
}

async function readPublicKey(path: string): Promise<string | undefined> {
  try {
    const [line = ''] = (await readFile(path, 'utf8')).trim().split('\n')
    return line
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UsageError(`The SSH public key cannot be read: ${messageOf(cause)}`, {
      code: 'ssh-key-unreadable',
      hint: 'Name another: cosmos init --ssh-key PATH',
      cause,
    })
  }
}

async function makeKeyPair(path: string): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair(`${userInfo().username}@${hostname()}`)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await writeFile(path, privateKey, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new UsageError(`There is a private key at ${path}, but no public key beside it.`, {
      code: 'ssh-public-key-missing',
      hint: `Derive it: ssh-keygen -y -f ${path} > ${path}.pub`,
      cause,
    })
  }
  await writeFile(`${path}.pub`, `${publicKey.trim()}\n`, { mode: 0o644 })
  return publicKey.trim()
}
