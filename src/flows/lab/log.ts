import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { labFolder } from './folder.ts'

type Entry = { at: string } & Record<string, unknown>

/** `cosmos lab log`: the newest requests, actions and events, oldest first; of a stopped lab too. Times are lab times. */
export async function showLabLog(cli: Cli, count: number): Promise<Record<string, unknown>> {
  const path = join(await labFolder(cli), 'log.jsonl')
  const entries = await newest(path, count)
  for (const entry of entries) cli.out(lineOf(entry))
  if (entries.length === 0) cli.out('Nothing has happened on the lab yet.')
  else cli.note(`More in ${path}`)
  return { path, entries }
}

async function newest(path: string, count: number): Promise<Entry[]> {
  try {
    // Whatever stands after the last line break is still being written.
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
    return lines.slice(-count).map(line => JSON.parse(line) as Entry)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function lineOf({ at, ...entry }: Entry): string {
  return `${at.slice(0, 10)} ${at.slice(11, 23)}  ${sentenceOf(entry)}`
}

function sentenceOf(entry: Record<string, unknown>): string {
  const { method, path, status, ms, code, action, command, error, machine } = entry
  if (method !== undefined)
    return `${method} ${path} → ${status === 0 ? 'cut off' : status}${code ? ` ${code}` : ''}${ms === undefined ? '' : ` (${ms} ms)`}`
  if (action !== undefined) {
    const why = (error as { code?: string } | null)?.code
    return `action ${action} ${command}: ${status === 'running' ? 'begins' : status}${why ? ` (${why})` : ''}`
  }
  if (machine !== undefined) return String(machine)
  return Object.entries(entry)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ')
}
