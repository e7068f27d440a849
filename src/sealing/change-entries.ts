import type { Document, Pair, Scalar, YAMLMap } from 'yaml'
import { body } from './documents.ts'

/** What shall change in one map of a document. */
export type EntryChange = {
  /** Where the map lies: `['spec', 'encryptedData']`. Made when it is not there. */
  path: readonly string[]
  set?: ReadonlyMap<string, string>
  remove?: readonly string[]
}

/**
 * Changes entries of maps and nothing else: comments, order and layout stay, so that the diff shows what changed.
 * @param part one document's text, from `readDocuments`, marker included.
 */
export async function changeEntries(part: string, changes: readonly EntryChange[]): Promise<string> {
  let text = part
  for (const { path, set = new Map(), remove = [] } of changes) {
    for (const key of remove) text = await changed(text, path, key, undefined)
    for (const [key, value] of set) text = await changed(text, path, key, value)
  }
  return text
}

type Entry = Pair<Scalar, Scalar | null>

async function changed(
  part: string,
  path: readonly string[],
  key: string,
  value: string | undefined,
): Promise<string> {
  const yaml = await import('yaml')
  const document = yaml.parseDocument(body(part), { merge: true, prettyErrors: false, logLevel: 'silent' })
  const map = document.getIn(path, true)
  const items = yaml.isMap(map) ? (map as YAMLMap).items.map(item => item as Entry) : []
  const entry = items.find(item => item.key?.value === key)
  if (value === undefined && entry === undefined) return part
  const edited = edit(part, { entry, items, flow: yaml.isMap(map) && map.flow === true, key, value })
  if (
    edited !== undefined &&
    says(yaml.parseDocument(body(edited), { merge: true, logLevel: 'silent' }), path, key, value)
  ) {
    return edited
  }
  return relaid(part, document, path, key, value)
}

type Spot = {
  entry: Entry | undefined
  items: Entry[]
  flow: boolean
  key: string
  value: string | undefined
}

/** The change as a cut in the text, or undefined where the layout gives no place for one. */
function edit(part: string, { entry, items, flow, key, value }: Spot): string | undefined {
  if (entry !== undefined && value !== undefined) return replaced(part, entry, value, flow)
  if (flow) return undefined
  if (entry !== undefined) return items.length > 1 ? removed(part, entry) : undefined
  const last = items.at(-1)
  return last === undefined || value === undefined ? undefined : appended(part, last, key, value)
}

function replaced(part: string, entry: Entry, value: string, flow: boolean): string | undefined {
  const range = entry.value?.range
  if (!range) return undefined
  const [start, end] = range
  const old = part.slice(start, end)
  const text = flow || old.startsWith('"') ? JSON.stringify(value) : scalar(value)
  return (
    part.slice(0, start) + (old === '' ? ' ' : '') + text + (old.endsWith('\n') ? '\n' : '') + part.slice(end)
  )
}

function removed(part: string, entry: Entry): string | undefined {
  const start = entry.key.range?.[0]
  if (start === undefined) return undefined
  return part.slice(0, lineStart(part, start)) + part.slice(lineEnd(part, endOf(entry)))
}

function appended(part: string, last: Entry, key: string, value: string): string | undefined {
  const start = last.key.range?.[0]
  if (start === undefined) return undefined
  const indent = part.slice(lineStart(part, start), start)
  if (indent.trim() !== '') return undefined
  const at = lineEnd(part, endOf(last))
  const before = part.slice(0, at)
  const gap = before.endsWith('\n') ? '' : '\n'
  return `${before}${gap}${indent}${scalar(key)}: ${scalar(value)}\n${part.slice(at)}`
}

function endOf(entry: Entry): number {
  return entry.value?.range?.[1] ?? entry.key.range?.[1] ?? 0
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end + 1
}

/** Ciphertext and ordinary names stand plain; anything that YAML could take for something else is quoted. */
function scalar(text: string): string {
  if (/^Ag[A-Za-z0-9+/=]{40,}$/.test(text)) return text
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text)
}

function says(document: Document, path: readonly string[], key: string, value: string | undefined): boolean {
  return document.errors.length === 0 && document.getIn([...path, key]) === value
}

/** The whole document laid out anew: the way out for layouts that no cut fits. Comments and order still stay. */
function relaid(
  part: string,
  document: Document,
  path: readonly string[],
  key: string,
  value: string | undefined,
): string {
  if (value === undefined) document.deleteIn([...path, key])
  else document.setIn([...path, key], value)
  if (part.trimStart().startsWith('{')) return `${JSON.stringify(document.toJS(), null, 2)}\n`
  const [start, end] = [/^---/.exec(part) && '---\n', /^\.\.\.[ \t]*$/m.exec(part) && '...\n']
  return `${start ?? ''}${document.toString({ lineWidth: 0 })}${end ?? ''}`
}
