import { createPrivateKey } from 'node:crypto'
import type { Identity } from 'age-encryption'
import { UsageError } from '../errors.ts'
import { openSshPrivateKey } from './openssh-private-key.ts'
import { sshEd25519Identity } from './ssh-ed25519.ts'
import { sshRsaIdentity } from './ssh-rsa.ts'

/**
 * What stands in an identity file: lines `AGE-SECRET-KEY-1…` with comments between them, or one SSH private key.
 * @returns each as `readVault` takes it.
 * @throws UsageError `vault-identity` when there is nothing of the kind.
 */
export function parseIdentityFile(text: string): string[] {
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/m.test(text)) return [text]
  const identities = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.startsWith('AGE-SECRET-KEY-'))
  if (identities.length > 0) return identities
  throw refused('The identity file holds neither an age identity (AGE-SECRET-KEY-1…) nor an SSH private key.')
}

/**
 * One identity as the age library takes it.
 * @throws UsageError `vault-identity` when it is protected by a passphrase, or of a kind that age has no stanza for.
 */
export function ageIdentity(text: string): string | Identity {
  if (text.startsWith('AGE-SECRET-KEY-')) return text
  if (text.includes('BEGIN OPENSSH PRIVATE KEY')) {
    const key = openSshPrivateKey(text)
    if (key === 'encrypted') throw encrypted()
    if (key?.type === 'ssh-ed25519') return sshEd25519Identity(key.seed, key.point)
    if (key?.type === 'ssh-rsa') return sshRsaIdentity(key.key)
    throw refused('The SSH private key is neither Ed25519 nor RSA, or damaged.')
  }
  if (/ENCRYPTED/.test(text)) throw encrypted()
  const key = createPrivateKey(text)
  if (key.asymmetricKeyType === 'rsa') return sshRsaIdentity(key)
  throw refused('The private key is neither Ed25519 (OpenSSH format) nor RSA.')
}

function encrypted(): UsageError {
  return refused(
    'The SSH private key is protected by a passphrase, which cosmos does not ask for.',
    'Open the vault with the stock program (age -d -i KEY cosmos.vault.age), or use an age identity: age-keygen',
  )
}

function refused(message: string, hint?: string): UsageError {
  return new UsageError(message, {
    code: 'vault-identity',
    hint: hint ?? 'Set COSMOS_AGE_IDENTITY_FILE to a file made by age-keygen, or to ~/.ssh/id_ed25519.',
  })
}
