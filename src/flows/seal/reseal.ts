import type { Cli } from '../../cli/index.ts'
import { CosmosError } from '../../errors.ts'
import {
  changeEntries,
  isSealedSecret,
  openSealed,
  type RingKey,
  readDocuments,
  readSealedSecret,
  sealEntries,
} from '../../sealing/index.ts'
import { type FileChange, runBatch } from './batch.ts'
import { mentionsSealedSecret } from './mentions.ts'
import { counted } from './report.ts'
import { openRing } from './ring.ts'

type Moved = { file: string; name: string; namespace: string; moved: string[]; kept: string[] }

/**
 * `cosmos seal --reseal`: moves every value that an older key sealed over to the newest. What the newest sealed already stays byte for
 * byte, so a second run changes nothing.
 */
export async function reseal(cli: Cli, path: string): Promise<Record<string, unknown>> {
  const ring = await openRing(cli)
  const { written, results } = await runBatch<Moved>(cli, {
    command: 'seal --reseal',
    title: 'Move values to the newest key',
    path,
    concerns: mentionsSealedSecret,
    change: (text, name) => resealFile(text, name, ring),
  })
  const moved = results.reduce((sum, result) => sum + result.moved.length, 0)
  const kept = results.reduce((sum, result) => sum + result.kept.length, 0)
  cli.note(
    `${counted(moved, 'value')} moved to ${ring[0]?.fingerprint} in ${counted(written.length, 'file')}; ${kept} had it already.`,
  )
  return { secrets: results, written, moved, kept }
}

async function resealFile(text: string, name: string, ring: readonly RingKey[]): Promise<FileChange<Moved>> {
  const [newest] = ring
  if (newest === undefined)
    throw new CosmosError('The vault has no sealing key.', { code: 'sealing-key-missing' })
  const { parts, documents } = await readDocuments(text, name)
  const results: Moved[] = []
  const sealed = documents.filter(({ value }) => isSealedSecret(value))
  if (sealed.length === 0) readSealedSecret(documents[0]?.value, name)
  for (const { part, value, where } of sealed) {
    const secret = readSealedSecret(value, where)
    const opened = openSealed(secret, ring)
    const old = new Map([...opened.data].filter(([key]) => opened.keys.get(key) !== newest))
    const set = new Map(Object.entries(sealEntries(old, secret.place, newest.publicKey)))
    for (const plain of opened.data.values()) plain.fill(0)
    const moved = [...set.keys()]
    const kept = [...opened.data.keys()].filter(key => !set.has(key))
    results.push({ file: name, name: secret.place.name, namespace: secret.place.namespace, moved, kept })
    if (moved.length > 0)
      parts[part] = await changeEntries(parts[part] ?? '', [{ path: ['spec', 'encryptedData'], set }])
  }
  const changed = results.some(({ moved }) => moved.length > 0)
  return { text: changed ? parts.join('') : undefined, results }
}
