import { randomBytes } from 'node:crypto'
import { generateSealingKey } from '../../sealing/index.ts'
import { generateKeyPair } from '../../ssh/index.ts'
import type { VaultContents } from '../../vault/contents.ts'

export type SecretOptions = {
  name: string
  now: Date
  hetznerToken?: string | undefined
  git?: { username: string; token: string } | undefined
  /** Bits of the sealing key; 4096 as the controller's own unless said. */
  bits?: number | undefined
}

/** Everything of a new vault: what was given, and freshly generated sealing key, host key and Argo CD password. */
export async function newSecrets(options: SecretOptions): Promise<VaultContents> {
  const { name, now, hetznerToken, git, bits } = options
  const adminPassword = randomBytes(18).toString('base64url')
  const [key, hostKey, adminPasswordHash] = await Promise.all([
    generateSealingKey({ notBefore: now, years: 10, ...(bits === undefined ? {} : { bits }) }),
    generateKeyPair(name),
    bcryptHash(adminPassword),
  ])
  return {
    version: 1,
    ...(hetznerToken === undefined ? {} : { hetzner: { token: hetznerToken } }),
    ...(git === undefined ? {} : { git }),
    sealing: { keys: [key] },
    sshHostKey: { privateKey: hostKey.privateKey, publicKey: hostKey.publicKey },
    argocd: { adminPassword, adminPasswordHash },
  }
}

/** As `argocd account bcrypt` makes it: cost 10. */
async function bcryptHash(password: string): Promise<string> {
  const { hash } = await import('bcryptjs')
  return hash(password, 10)
}
