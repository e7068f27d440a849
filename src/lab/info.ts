import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `lab.json` says of a lab; mode 0600, for it holds the tokens. */
export type LabInfo = {
  /** Base URL of the API, with `/v1`. */
  endpoint: string
  token: string
  readonlyToken: string
  pid: number
  /** Lab seconds per real second. */
  speed: number
  /** ISO time, real. */
  startedAt: string
}

/** The last lab of this folder, running or not; undefined when there never was one. */
export function readInfo(dir: string): LabInfo | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'lab.json'), 'utf8')) as LabInfo
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

export function writeInfo(dir: string, info: LabInfo): void {
  const path = join(dir, 'lab.json')
  writeFileSync(`${path}.new`, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** The port that an endpoint names. */
export function portOf({ endpoint }: Pick<LabInfo, 'endpoint'>): number {
  return Number(new URL(endpoint).port)
}
