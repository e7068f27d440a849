import { readFile } from 'node:fs/promises'

/**
 * Whether an age file names recipients and no passphrase, by its header, which is readable to all.
 * False for what cannot be read or is no age file: opening it will say why.
 */
export async function isForRecipients(path: string): Promise<boolean> {
  const file = await readFile(path, 'latin1').catch(() => '')
  const armored = /^-----BEGIN AGE ENCRYPTED FILE-----([\sA-Za-z0-9+/=]*)/.exec(file)?.[1]
  const header = armored === undefined ? file : Buffer.from(armored, 'base64').toString('latin1')
  return (
    header.startsWith('age-encryption.org/v1\n-> ') && !header.startsWith('age-encryption.org/v1\n-> scrypt ')
  )
}
