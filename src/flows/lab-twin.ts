import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/index.ts'
import { writeAtomically } from '../files/index.ts'
import { createProject } from './init/index.ts'

export type TwinOptions = {
  /** Folder of the twin, below the lab's. */
  dir: string
  /** The real cosmos.yaml, when there is one. */
  from: string | undefined
  /** Of the twin's vault. */
  passphrase: string
  /** Port of sshd on the lab's servers. */
  sshPort: number
}

/** log2 of scrypt's work: the twin's passphrase has 192 random bits and needs no slowing down. */
const workFactor = 10

/** What a rehearsal without a cosmos.yaml is made from. */
const sample = {
  name: 'cosmos',
  locations: ['nbg1', 'fsn1', 'hel1'],
  serverTypes: ['cx23', 'cax11', 'cpx12'],
  volumeSizeGb: 20,
  git: { url: 'https://github.com/example/infrastructure.git' },
}

/**
 * Writes the twin of a project for the lab: secrets once, settings anew each time, so that the rehearsal follows
 * the real cosmos.yaml. Only SSH differs: a port that needs no root, and a key of its own.
 */
export async function writeTwin({ dir, from, passphrase, sshPort }: TwinOptions): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const keyPath = join(dir, 'id_ed25519')
  const publicKey = await loginKey(keyPath)
  const ssh = { port: sshPort, publicKey, privateKey: keyPath }
  if (!(await isThere(join(dir, 'cosmos.yaml')))) {
    await createProject(
      { ...sample, ssh, lock: { passphrase } },
      { dir, now: new Date(), workFactor, force: true },
    )
  }
  if (from !== undefined) await followSettings(dir, from, ssh)
}

async function followSettings(dir: string, from: string, ssh: Config['ssh']): Promise<void> {
  const { loadConfig, renderConfig } = await import('../config/index.ts')
  const path = join(dir, 'cosmos.yaml')
  const text = await renderConfig({ ...(await loadConfig(from)), ssh })
  if (text !== (await readFile(path, 'utf8'))) await writeAtomically(path, text)
}

/** The public key of the login key, which is made when it is not there. */
async function loginKey(path: string): Promise<string> {
  if (!(await isThere(`${path}.pub`))) {
    const { generateKeyPair } = await import('../ssh/index.ts')
    const pair = await generateKeyPair('cosmos-lab')
    await writeAtomically(path, pair.privateKey, { mode: 0o600 })
    await writeAtomically(`${path}.pub`, `${pair.publicKey.trim()}\n`)
  }
  return (await readFile(`${path}.pub`, 'utf8')).trim()
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
