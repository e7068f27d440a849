import { CosmosError, messageOf, UsageError } from '../errors.ts'
import { writeAtomically } from '../files/index.ts'
import type { VaultContents } from './contents.ts'
import type { VaultCredentials } from './credentials.ts'
import { ageRecipient } from './recipients.ts'
import { vaultText } from './text.ts'

export type VaultLock = {
  passphrase?: string | undefined
  /** `age1…` or SSH public keys; kept in the contents, so that the next write is for the same people. */
  recipients?: readonly string[] | undefined
  /** log2 of scrypt's work for a passphrase; 18 takes about a second and is what the stock program uses. */
  workFactor?: number | undefined
}

/**
 * Encrypts the contents into an armored age file, replaced in one step.
 * Either a passphrase or recipients: age allows no mixture.
 * @throws UsageError `vault-lock` when it is neither or both; `vault-recipient` for a recipient that is none.
 * @throws CosmosError `vault-unwritable`; the file is then as it was.
 */
export async function writeVault(path: string, contents: VaultContents, lock: VaultLock): Promise<void> {
  const text = await encryptVault(contents, lock)
  try {
    await writeAtomically(path, text)
  } catch (error) {
    throw new CosmosError(`The vault cannot be written: ${messageOf(error)}`, {
      code: 'vault-unwritable',
      cause: error,
    })
  }
}

/** Writes the vault back for whoever could open it: the recipients it holds, else the passphrase it was opened with. */
export async function saveVault(
  path: string,
  contents: VaultContents,
  credentials: VaultCredentials,
): Promise<void> {
  if (contents.recipients !== undefined)
    return writeVault(path, contents, { recipients: contents.recipients })
  if (credentials.passphrase !== undefined)
    return writeVault(path, contents, { passphrase: credentials.passphrase })
  throw new CosmosError(
    'The vault does not say whom it is for, so it cannot be written back without locking someone out.',
    {
      code: 'vault-recipients-unknown',
      hint: 'Name everybody once: cosmos vault recipients --set age1… --set "ssh-ed25519 AAAA…"',
    },
  )
}

/** @returns the armored text of the age file. */
export async function encryptVault(contents: VaultContents, lock: VaultLock): Promise<string> {
  const { armor, Encrypter } = await import('age-encryption')
  const { recipients: _, ...rest } = contents
  const recipients = lock.recipients ?? []
  const encrypter = new Encrypter()
  if (recipients.length > 0) {
    if (lock.passphrase !== undefined) throw wrongLock('both a passphrase and recipients')
    for (const recipient of recipients) encrypter.addRecipient(await ageRecipient(recipient))
  } else {
    if (!lock.passphrase) throw wrongLock('neither a passphrase nor recipients')
    encrypter.setPassphrase(lock.passphrase)
    if (lock.workFactor !== undefined) encrypter.setScryptWorkFactor(lock.workFactor)
  }
  const plain = Buffer.from(
    await vaultText(recipients.length > 0 ? { ...rest, recipients: [...recipients] } : rest),
  )
  try {
    return armor.encode(await encrypter.encrypt(plain))
  } finally {
    plain.fill(0)
  }
}

function wrongLock(what: string): UsageError {
  return new UsageError(`A vault is locked by a passphrase or for recipients; this names ${what}.`, {
    code: 'vault-lock',
  })
}
