import { readFile } from 'node:fs/promises'
import { CosmosError } from '../../errors.ts'
import { newestKey, parseCertificate } from '../../sealing/index.ts'
import type { VaultContents } from '../../vault/index.ts'
import { examineFolder } from '../gitops/check.ts'
import type { GitopsHome } from '../gitops/home.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

/** Whether the folder that Argo CD reads is there and right. */
export async function folderFindings(
  cli: { cwd: string; signal: AbortSignal },
  home: GitopsHome,
): Promise<Finding[]> {
  const what = 'Applications'
  try {
    const { folder, problems, warnings } = await examineFolder(cli, home)
    const errors = problems.filter(each => each.level === 'error').length
    const settings = warnings.map(text => warning('cosmos.yaml', text, 'Change it in cosmos.yaml'))
    const finding =
      errors > 0
        ? failed(what, `${folder}: ${errors} to mend`, 'See them: cosmos gitops check')
        : ok(what, `${folder}: nothing wrong`)
    return [...settings, finding]
  } catch (error) {
    if (!(error instanceof CosmosError) || error.code !== 'gitops-missing') throw error
    return [failed(what, error.message, 'Make it: cosmos gitops init')]
  }
}

/** Whether what is sealed today opens in the cluster. */
export async function sealingFinding(
  vault: VaultContents,
  certificatePath: string,
  now: Date,
): Promise<Finding> {
  const what = 'Sealing key'
  const anew = 'Write it anew: cosmos key export -o cosmos.sealing.crt'
  const newest = newestKey(vault.sealing.keys)
  const text = await readFile(certificatePath, 'utf8').catch(() => undefined)
  if (text === undefined) return failed(what, 'there is no cosmos.sealing.crt', anew)
  if (parseCertificate(text).fingerprint !== newest.fingerprint)
    return failed(what, 'cosmos.sealing.crt is not the newest key of the vault', anew)
  const day = newest.notAfter.toISOString().slice(0, 10)
  if (newest.notAfter < now) return failed(what, `expired on ${day}`, 'Make a new one: cosmos key rotate')
  return ok(what, `valid until ${day}`)
}
