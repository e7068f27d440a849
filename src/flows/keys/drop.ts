import type { Cli } from '../../cli/index.ts'
import { RefusedError } from '../../errors.ts'
import {
  isSealedSecret,
  keyRing,
  openSealed,
  type RingKey,
  readDocuments,
  readSealedSecret,
  wipe,
} from '../../sealing/index.ts'
import { agree } from '../agree.ts'
import { readText } from '../seal/files.ts'
import { manifestFiles } from '../seal/folder.ts'
import { mentionsSealedSecret } from '../seal/mentions.ts'
import { openVault } from '../vault/open.ts'
import { findKey } from './find.ts'

/**
 * `cosmos key drop`: forgets an old key, so that new machines no longer get it. Refused for the newest, and while a manifest of the folder
 * still opens with it only.
 */
export async function dropKey(
  cli: Cli,
  fingerprint: string,
  folder: string,
): Promise<Record<string, unknown>> {
  const vault = await openVault(cli)
  const ring = keyRing(vault.contents.sealing.keys)
  const key = findKey(ring, fingerprint)
  if (key === ring[0]) {
    throw new RefusedError('This is the newest key: everything new is sealed with it.', {
      code: 'sealing-key-in-use',
      hint: 'Make a newer one first: cosmos key rotate',
    })
  }
  const users = await filesThatNeed(cli, key, folder)
  if (users.length > 0) {
    throw new RefusedError(`Manifests in ${folder} are sealed with ${key.fingerprint}.`, {
      code: 'sealing-key-in-use',
      details: users,
      hint: `Move them to the newest key: cosmos seal --reseal ${folder}`,
    })
  }
  await agree(
    cli,
    `Forget ${key.fingerprint}? What else was sealed with it, in other folders or branches, will not open again.`,
    {
      code: 'not-confirmed',
      hint: `cosmos key drop ${key.fingerprint} --yes`,
    },
  )
  const keys = vault.contents.sealing.keys.filter(pem => pem !== key.pem)
  await vault.save({ ...vault.contents, sealing: { keys } })
  cli.out(`Forgot ${key.fingerprint}; ${keys.length} left. Earlier commits of the vault still hold it.`)
  return { dropped: key.fingerprint, keys: keys.length }
}

async function filesThatNeed(cli: Cli, key: RingKey, folder: string): Promise<string[]> {
  const users: string[] = []
  for (const file of await manifestFiles(folder, cli.signal)) {
    const text = await readText(file)
    if (!mentionsSealedSecret(text)) continue
    const { documents } = await readDocuments(text, file)
    const needs = documents.some(({ value, where }) => isSealedSecret(value) && opensWith(key, value, where))
    if (needs) users.push(file)
  }
  return users
}

/** Whether any of the values is this key's. */
function opensWith(key: RingKey, value: unknown, where: string): boolean {
  const sealed = readSealedSecret(value, where)
  return Object.keys(sealed.encryptedData).some(name => {
    try {
      wipe(openSealed(sealed, [key], name))
      return true
    } catch {
      // Another key's, or nobody's: `seal --validate` is who tells them apart.
      return false
    }
  })
}
