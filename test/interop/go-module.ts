import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './foreign.ts'

const known = new Map<string, string>()

/** Folder of a Go module's source, fetched once; upstream's own CRDs and charts lie in some. */
export function goModule(path: string, version: string): string {
  const id = `${path}@${version}`
  const before = known.get(id)
  if (before !== undefined) return before
  const dir = mkdtempSync(join(tmpdir(), 'cosmos-go-'))
  try {
    writeFileSync(join(dir, 'go.mod'), 'module fetch\n\ngo 1.24\n')
    const { stdout } = run('go', ['mod', 'download', '-json', id], { cwd: dir })
    const answer: { Dir?: string; Error?: string } = JSON.parse(stdout)
    if (answer.Dir === undefined) throw new Error(`${id} cannot be had: ${answer.Error}`)
    known.set(id, answer.Dir)
    return answer.Dir
  } finally {
    rmSync(dir, { recursive: true })
  }
}
