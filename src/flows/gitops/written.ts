import { createHash } from 'node:crypto'
import { UsageError } from '../../errors.ts'

/** File in the folder that keeps what cosmos wrote; without extension, so that Argo CD passes it by. */
export const writtenFile = '.cosmos-written'

/** Checksums of files as cosmos wrote them: a file that differs was edited since. */
export type Written = Record<string, string>

/** @throws UsageError `gitops-written` when the text is not what cosmos writes */
export function parseWritten(text: string | undefined): Written {
  if (text === undefined) return {}
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map(line => {
      const [, sum, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
      if (sum !== undefined && path !== undefined) return [path, sum]
      throw new UsageError(`${writtenFile} is damaged, perhaps by a merge.`, {
        code: 'gitops-written',
        hint: `Delete it: cosmos then takes every file for edited, and shows what it would change.`,
      })
    }),
  )
}

/** As `sha256sum` writes it, so that `sha256sum -c` reads it. */
export function writtenText(written: Written): string {
  const lines = Object.entries(written)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sum]) => `${sum}  ${path}\n`)
  return `# Checksums of what cosmos wrote, to tell your edits from its own.\n${lines.join('')}`
}

export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
