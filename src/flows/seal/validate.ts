import { readFile } from 'node:fs/promises'
import type { Cli } from '../../cli/index.ts'
import { CosmosError } from '../../errors.ts'
import {
  examine,
  type Finding,
  isSealedSecret,
  type Place,
  parseCertificate,
  type RingKey,
  readDocuments,
  readSealedSecret,
} from '../../sealing/index.ts'
import { runBatch } from './batch.ts'
import { sealingHome } from './home.ts'
import { mentionsSealedSecret } from './mentions.ts'
import { counted, placeText } from './report.ts'
import { openRing } from './ring.ts'

type Examined = { file: string; place: Place; values: number; findings: Finding[] }

/**
 * `cosmos seal --validate`: opens every value as the controller will, without a cluster.
 * @throws CosmosError `sealed-invalid` when one will not open there
 */
export async function validate(cli: Cli, path: string): Promise<Record<string, unknown>> {
  const ring = await openRing(cli)
  const { results } = await runBatch<Examined>(cli, {
    command: 'seal --validate',
    title: 'Open sealed values',
    path,
    concerns: mentionsSealedSecret,
    change: async (text, name) => ({ text: undefined, results: await examined(text, name, ring) }),
  })
  cli.table([['SECRET', 'SCOPE', 'VALUES', 'RESULT', 'FILE'], ...results.map(row)])
  const keys = await keyNotes(cli, ring)
  for (const note of keys) cli.note(`Warning: ${note}`)
  const errors = results.flatMap(({ file, place, findings }) =>
    findings
      .filter(({ level }) => level === 'error')
      .map(({ key, message }) => `${file}: ${placeText(place)}, ${key}: ${message}`),
  )
  if (errors.length > 0) {
    throw new CosmosError(`${counted(errors.length, 'value')} will not open in the cluster.`, {
      code: 'sealed-invalid',
      details: errors,
      hint: 'Seal these values again: cosmos seal … --merge-into FILE',
    })
  }
  const old = results.filter(({ findings }) => findings.length > 0)
  if (old.length > 0)
    cli.note(`Some values are sealed with an older key; move them: cosmos seal --reseal ${path}`)
  return { secrets: results.map(({ place, ...rest }) => ({ ...place, ...rest })), warnings: keys }
}

async function examined(text: string, name: string, ring: readonly RingKey[]): Promise<Examined[]> {
  const { documents } = await readDocuments(text, name)
  const [first] = documents
  const sealed = documents.filter(({ value }) => isSealedSecret(value))
  if (sealed.length === 0) readSealedSecret(first?.value, name)
  return sealed.map(({ value, where }) => {
    const secret = readSealedSecret(value, where)
    const values = Object.keys(secret.encryptedData).length
    return { file: name, place: secret.place, values, findings: examine(secret, ring) }
  })
}

function row({ file, place, values, findings }: Examined): string[] {
  const name = place.namespace === '' ? place.name : `${place.namespace}/${place.name}`
  const wrong = findings.filter(({ level }) => level === 'error').length
  const result =
    wrong > 0 ? `${wrong} will not open` : findings.length > 0 ? 'opens, older key' : 'opens, newest key'
  return [name, place.scope, String(values), result, file]
}

/** What is wrong with the key itself: expired, or not the one whose certificate lies beside the vault. */
async function keyNotes(cli: Cli, [newest]: readonly RingKey[]): Promise<string[]> {
  if (newest === undefined) return []
  const notes: string[] = []
  if (newest.notAfter < new Date()) {
    notes.push(`the newest key expired on ${newest.notAfter.toISOString().slice(0, 10)}: cosmos key rotate`)
  }
  const { certificatePath } = await sealingHome(cli)
  const open = await readFile(certificatePath, 'utf8').catch(() => undefined)
  if (open === undefined)
    notes.push(`there is no ${certificatePath}: cosmos key export -o cosmos.sealing.crt`)
  else if (parseCertificate(open).fingerprint !== newest.fingerprint) {
    notes.push(
      'cosmos.sealing.crt is not the newest key of the vault: cosmos key export -o cosmos.sealing.crt',
    )
  }
  return notes
}
