import type { Guest } from '../guest.ts'
import type { UnitFile } from './unit-file.ts'

/** The first Condition…= or Assert…= that does not hold. */
export type Conditions = { kind: 'Condition' | 'Assert'; text: string } | undefined

function holds(guest: Guest, check: string, value: string): boolean {
  const negated = value.startsWith('!')
  const path = value.replace(/^[!|]+/, '')
  const { vfs } = guest
  const results: Record<string, () => boolean> = {
    PathExists: () => vfs.exists(path),
    PathExistsGlob: () => vfs.exists(path),
    PathIsDirectory: () => vfs.look(path)?.node.kind === 'dir',
    PathIsMountPoint: () => vfs.mountAt(path) !== undefined,
    PathIsReadWrite: () => vfs.exists(path) && !vfs.look(path)?.mount.options.includes('ro'),
    FileNotEmpty: () => vfs.exists(path) && vfs.readFile(path).length > 0,
    DirectoryNotEmpty: () => vfs.exists(path) && vfs.readDir(path).length > 0,
    FileIsExecutable: () => ((vfs.look(path)?.node.mode ?? 0) & 0o111) !== 0,
    FirstBoot: () => path === 'no',
    Virtualization: () => true,
  }
  return (results[check]?.() ?? true) !== negated
}

/** Looks at all checks of a unit: Assert fails the job, Condition skips it silently. */
export function failedCheck(guest: Guest, unit: UnitFile): Conditions {
  for (const kind of ['Assert', 'Condition'] as const) {
    for (const check of [
      'PathExists',
      'PathExistsGlob',
      'PathIsDirectory',
      'PathIsMountPoint',
      'PathIsReadWrite',
      'FileNotEmpty',
      'DirectoryNotEmpty',
      'FileIsExecutable',
      'FirstBoot',
      'Virtualization',
    ]) {
      for (const value of unit.all('Unit', `${kind}${check}`)) {
        if (!holds(guest, check, value)) return { kind, text: `${kind}${check}=${value}` }
      }
    }
  }
  return undefined
}
