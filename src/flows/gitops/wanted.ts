import type { AppsFile } from '../../manifests/index.ts'
import type { RingKey, SealingCertificate } from '../../sealing/index.ts'
import type { WantedFile } from './plan.ts'
import { hasSameForm, sealedText, stillHolds } from './seal-file.ts'

/** The files as texts; what is sealed and still good stays as it is. */
export function sealedFiles(
  files: readonly AppsFile[],
  existing: ReadonlyMap<string, string>,
  sealing: { certificate: SealingCertificate; ring: readonly RingKey[] } | undefined,
): Promise<WantedFile[]> {
  return Promise.all(
    files.map(async file => {
      const { path, owner } = file
      if (file.secret === undefined) return { path, owner, text: file.text }
      const before = existing.get(path)
      if (sealing === undefined) throw new Error(`${path} is sealed, and nothing to seal with was given`)
      if (before !== undefined && (await stillHolds(before, file.secret, sealing.ring)))
        return { path, owner, text: before }
      return { path, owner, text: await sealedText(file.secret, file.comment, sealing.certificate) }
    }),
  )
}

/** The same without the vault: a sealed file that has the right form counts as good, and no secret is in what is missing. */
export function assumedFiles(
  files: readonly AppsFile[],
  existing: ReadonlyMap<string, string>,
): Promise<WantedFile[]> {
  return Promise.all(
    files.map(async file => {
      const { path, owner } = file
      if (file.secret === undefined) return { path, owner, text: file.text }
      const before = existing.get(path)
      const good = before !== undefined && (await hasSameForm(before, file.secret))
      const { name, namespace } = file.secret
      return {
        path,
        owner,
        text: good ? before : `# SealedSecret ${namespace}/${name}, sealed when it is written\n`,
      }
    }),
  )
}
