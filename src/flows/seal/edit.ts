import type { Cli } from '../../cli/index.ts'
import { CosmosError, messageOf, UsageError } from '../../errors.ts'
import {
  changeEntries,
  isSealedSecret,
  type Opened,
  openSealed,
  readDocuments,
  readSealedSecret,
  type SealedSecret,
  type Secret,
  sealEntries,
  secretObject,
  wipe,
} from '../../sealing/index.ts'
import { readText, writeFileSafely } from './files.ts'
import { secretsOf } from './input.ts'
import { editPrivately } from './private-edit.ts'
import { counted, placeText } from './report.ts'
import { openRing } from './ring.ts'

/**
 * `cosmos seal --edit FILE`: opens the SealedSecret, lets a person change its values, and seals again only those that changed:
 * the rest of the file stays byte for byte.
 */
export async function editSealed(cli: Cli, file: string): Promise<Record<string, unknown>> {
  const { parts, documents } = await readDocuments(await readText(file), file)
  const targets = documents.filter(({ value }) => isSealedSecret(value))
  const [target] = targets
  if (target === undefined) readSealedSecret(documents[0]?.value, file)
  if (target === undefined || targets.length > 1) {
    throw new UsageError(`${file} holds ${targets.length} SealedSecrets; edit works on one.`, {
      code: 'edit-target',
    })
  }
  const sealed = readSealedSecret(target.value, target.where)
  const ring = await openRing(cli)
  const [newest] = ring
  if (newest === undefined)
    throw new CosmosError('The vault has no sealing key.', { code: 'sealing-key-missing' })
  const before = openSealed(sealed, ring)
  try {
    const after = await edited(cli, sealed, before)
    try {
      const changed = new Map(
        [...after.data].filter(([key, value]) => before.data.get(key)?.equals(value) !== true),
      )
      const removed = [...before.data.keys()].filter(key => !after.data.has(key))
      const set = new Map(Object.entries(sealEntries(changed, sealed.place, newest.publicKey)))
      if (set.size + removed.length > 0) {
        parts[target.part] = await changeEntries(parts[target.part] ?? '', [
          { path: ['spec', 'encryptedData'], set, remove: removed },
        ])
        await writeFileSafely(file, parts.join(''), { signal: cli.signal })
      }
      cli.note(said(sealed, [...set.keys()], removed))
      return { file, ...sealed.place, changed: [...set.keys()], removed }
    } finally {
      wipe(after)
    }
  } finally {
    wipe(before)
  }
}

/** Asks again, where a person is there, until what they saved can be read: nobody's typing is thrown away for a comma. */
async function edited(cli: Cli, sealed: SealedSecret, before: Opened): Promise<Secret> {
  const { stringify } = await import('yaml')
  const { metadata: _, ...template } = sealed.template
  const plain = secretObject({ ...sealed, template: { ...template, metadata: {} } }, before.data)
  let text = `# ${placeText(sealed.place)}. Change, add or remove values below data (base64) and stringData (text).\n${stringify(plain, { lineWidth: 0 })}`
  for (;;) {
    text = await editPrivately(cli, 'secret.yaml', text)
    try {
      return await sameSecret(text, sealed)
    } catch (error) {
      if (!(error instanceof UsageError) || !cli.interactive) throw error
      cli.note(messageOf(error))
      const { confirm } = await import('../prompts.ts')
      if (!(await confirm('Edit again?', cli.signal, { default: true }))) throw error
    }
  }
}

async function sameSecret(text: string, sealed: SealedSecret): Promise<Secret> {
  const secrets = await secretsOf(text, 'the edited secret')
  const [secret] = secrets
  const { name, namespace } = sealed.place
  if (
    secret !== undefined &&
    secrets.length === 1 &&
    secret.name === name &&
    (secret.namespace ?? '') === namespace
  ) {
    return secret
  }
  throw new UsageError('Only values can be edited: name and namespace are what the values are sealed for.', {
    code: 'edit-place',
    hint: 'To move a secret: cosmos unseal FILE | cosmos seal - …, with the new place in the manifest.',
  })
}

function said(sealed: SealedSecret, changed: string[], removed: string[]): string {
  if (changed.length + removed.length === 0) return 'Nothing was changed.'
  const parts = [
    changed.length > 0 ? `${counted(changed.length, 'value')} sealed anew (${changed.join(', ')})` : '',
    removed.length > 0 ? `${removed.length} removed (${removed.join(', ')})` : '',
  ]
  return `${placeText(sealed.place)}: ${parts.filter(part => part !== '').join(', ')}`
}
