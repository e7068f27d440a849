import type { Recipient } from 'age-encryption'
import { UsageError } from '../errors.ts'
import { sshEd25519Recipient } from './ssh-ed25519.ts'
import { parseSshPublicKey } from './ssh-key.ts'
import { rsaPublicKey, sshRsaRecipient } from './ssh-rsa.ts'

/**
 * Whom a vault is encrypted to, as the age library takes it.
 * @param recipient `age1…`, or an SSH public key (`ssh-ed25519 …`, `ssh-rsa …`) as in authorized_keys.
 * @throws UsageError `vault-recipient` when it is none of these.
 */
export async function ageRecipient(recipient: string): Promise<string | Recipient> {
  const { Encrypter, Stanza } = await import('age-encryption')
  const text = recipient.trim()
  if (/^AGE-SECRET-KEY-/i.test(text))
    throw refused('That is a private age identity', 'Give the public one: age-keygen -y FILE')
  if (text.startsWith('age1')) {
    try {
      new Encrypter().addRecipient(text)
      return text
    } catch (error) {
      throw refused(`"${shortened(text)}" is not a whole age recipient`, undefined, error)
    }
  }
  const key = parseSshPublicKey(text)
  const [point] = key?.fields ?? []
  if (key?.type === 'ssh-ed25519' && point?.length === 32) return sshEd25519Recipient(point, Stanza)
  const rsa = key?.type === 'ssh-rsa' ? rsaPublicKey(key.fields) : undefined
  if (key !== undefined && rsa !== undefined) return sshRsaRecipient(rsa, key.wire, Stanza)
  throw refused(`"${shortened(text)}" is neither an age recipient nor an SSH public key that age takes`)
}

function refused(what: string, hint?: string, cause?: unknown): UsageError {
  return new UsageError(`${what}.`, {
    code: 'vault-recipient',
    hint: hint ?? 'Recipients look like age1…, ssh-ed25519 AAAA… or ssh-rsa AAAA… (at least 2048 bits).',
    cause,
  })
}

function shortened(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text
}
