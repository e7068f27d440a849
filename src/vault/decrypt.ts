import { readFile } from 'node:fs/promises'
import type { Identity } from 'age-encryption'
import { CosmosError } from '../errors.ts'
import type { VaultContents } from './contents.ts'
import type { VaultCredentials } from './credentials.ts'
import { ageIdentity } from './identities.ts'
import { parseVaultText } from './text.ts'
import { vaultMissing } from './vault-missing.ts'

/**
 * Opens a vault, armored or binary, written by cosmos or by the stock `age`.
 * @throws CosmosError `vault-missing`, `vault-passphrase` (wrong), `vault-identity` (none fits), `vault-broken`, `vault-newer`
 */
export async function readVault(path: string, credentials: VaultCredentials): Promise<VaultContents> {
  let file: Buffer
  try {
    file = await readFile(path)
  } catch (error) {
    throw vaultMissing(path, error)
  }
  return decryptVault(file, credentials)
}

/** @param file the age file, armored or binary. Errors as for `readVault`. */
export async function decryptVault(file: Uint8Array, credentials: VaultCredentials): Promise<VaultContents> {
  const { armor, Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  let byPassphrase = false
  const watcher: Identity = {
    unwrapFileKey(stanzas) {
      byPassphrase = stanzas.some(({ args }) => args[0] === 'scrypt')
      return null
    },
  }
  decrypter.addIdentity(watcher)
  if (credentials.passphrase !== undefined) decrypter.addPassphrase(credentials.passphrase)
  for (const identity of credentials.identities ?? []) decrypter.addIdentity(ageIdentity(identity))
  decrypter.addIdentity(lastIdentity(credentials))
  let text: string
  try {
    const start = Buffer.from(file.subarray(0, 5)).toString('latin1')
    text = await decrypter.decrypt(
      start === '-----' ? armor.decode(Buffer.from(file).toString('utf8')) : file,
      'text',
    )
  } catch (error) {
    if (error instanceof CosmosError) throw error
    throw new CosmosError('The vault is damaged: it is not a whole age file.', {
      code: 'vault-broken',
      hint: 'Take it from an earlier commit: git checkout HEAD -- cosmos.vault.age',
      cause: error,
    })
  }
  const contents = await parseVaultText(text)
  // Someone locked it by a passphrase with the stock program: the list inside is no longer true.
  if (byPassphrase) delete contents.recipients
  return contents
}

/** Asked only when no identity before it fits: turns "nothing matched" into what to do about it. */
function lastIdentity(credentials: VaultCredentials): Identity {
  return {
    unwrapFileKey(stanzas) {
      const byPassphrase = stanzas.some(({ args }) => args[0] === 'scrypt')
      if (byPassphrase && credentials.passphrase !== undefined) {
        throw new CosmosError('The passphrase does not open the vault.', {
          code: 'vault-passphrase',
          hint: 'Check COSMOS_PASSPHRASE, or leave it unset to be asked.',
        })
      }
      if (byPassphrase) {
        throw new CosmosError('The vault is locked by a passphrase, and none was given.', {
          code: 'vault-passphrase',
          hint: 'Set COSMOS_PASSPHRASE or COSMOS_PASSPHRASE_FILE.',
        })
      }
      throw new CosmosError('The vault is locked for recipients, and none of the identities given fits.', {
        code: 'vault-identity',
        hint: 'Set COSMOS_AGE_IDENTITY_FILE to your age identity or SSH private key.',
      })
    },
  }
}
