import { checksum, type Written } from './written.ts'

/** A file as it should be. */
export type WantedFile = { path: string; text: string; owner: 'cosmos' | 'you' }

export type FileChange = {
  path: string
  /**
   * `create`, `update` and `remove` touch nothing that a person changed. `edited`: a person changed it, or it was there
   * before cosmos. `left`: no longer wanted, but edited, so it stays.
   */
  kind: 'create' | 'update' | 'remove' | 'edited' | 'left'
  before?: string
  after?: string
}

/**
 * What has to happen to the folder so that it is as wanted.
 * @param existing texts by path
 * @param written checksums of what cosmos wrote last
 */
export function planFolder(
  wanted: readonly WantedFile[],
  existing: ReadonlyMap<string, string>,
  written: Written,
): FileChange[] {
  const changes = wanted.flatMap(({ path, text, owner }): FileChange[] => {
    const before = existing.get(path)
    if (before === undefined) {
      const deletedByYou = owner === 'you' && written[path] !== undefined
      return deletedByYou ? [] : [{ path, kind: 'create', after: text }]
    }
    if (before === text || owner === 'you') return []
    const untouched = written[path] === checksum(before)
    return [{ path, kind: untouched ? 'update' : 'edited', before, after: text }]
  })
  const gone = Object.keys(written)
    .filter(path => !wanted.some(each => each.path === path))
    .flatMap((path): FileChange[] => {
      const before = existing.get(path)
      if (before === undefined) return []
      return [{ path, kind: checksum(before) === written[path] ? 'remove' : 'left', before }]
    })
  return [...changes, ...gone]
}
