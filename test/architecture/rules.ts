import { posix } from 'node:path'
import type { Import } from './imports.ts'

/** Which room may import which, beside the vocabulary in src/ itself: the arrows of docs/architecture.md. A room that is not named may import none. */
export const arrows: Record<string, readonly string[] | 'all'> = {
  commands: ['flows', 'cli'],
  flows: 'all',
  cli: ['progress'],
  state: ['files'],
  vault: ['files'],
  lab: [],
}

/** Files of no room, which all may import. */
const vocabulary = ['errors.ts', 'secrets.ts']

/** Files outside their room's door that others may import. */
const sideDoors = ['hetzner/wire.ts']

/**
 * Each story in flows/ is a door of its own, so that a command loads one story and not all: a file, or a folder with an
 * index.ts. A folder without one is a shelf of stories (`flows/keys/`).
 */
function isStory(target: string, files: ReadonlySet<string>): boolean {
  const [room, folder, file] = target.split('/')
  if (room !== 'flows' || folder === undefined) return false
  return file === undefined || file === 'index.ts' || !files.has(`flows/${folder}/index.ts`)
}

/** Packages with a room of their own. The longest match counts. */
const homes: Record<string, readonly string[]> = {
  listr2: ['progress/'],
  ssh2: ['ssh/', 'lab/'],
  axios: ['hetzner/'],
  'hcloud-js': ['hetzner/'],
  inquirer: ['flows/prompts/', 'flows/prompts.ts'],
  '@inquirer': ['flows/prompts/', 'flows/prompts.ts'],
  unbash: ['lab/'],
  'node-forge': ['sealing/', 'vault/'],
  'age-encryption': ['vault/'],
  '@oclif': ['cli/', 'commands/'],
}

/** Node's modules that a pure room has no use for: it takes texts, times and random bytes as arguments. */
const pure = ['cloudinit', 'manifests', 'node', 'sealing']
const effects = [
  'fs',
  'fs/promises',
  'net',
  'tls',
  'dns',
  'http',
  'https',
  'child_process',
  'os',
  'timers',
  'timers/promises',
]

/** Sentences about every import that breaks a rule; `files` are all there are, relative to src/. */
export function violations(imports: readonly Import[], files: readonly string[]): string[] {
  const all = new Set(files)
  return [...imports.flatMap(each => violationsOf(each, all)), ...cycles(imports)]
}

function violationsOf({ file, from, onlyTypes }: Import, files: ReadonlySet<string>): string[] {
  const room = roomOf(file)
  if (from.startsWith('node:')) {
    const banned = pure.includes(room) && effects.includes(from.slice('node:'.length))
    return banned ? [`${file}: the pure room '${room}' imports ${from}`] : []
  }
  if (!from.startsWith('.')) return onlyTypes ? [] : packageViolations(file, from)
  const target = posix.join(posix.dirname(file), from)
  const other = roomOf(target)
  if (target.startsWith('..')) return [`${file}: reaches out of src/ to ${target}`]
  if (other === room || vocabulary.includes(target) || onlyTypes) return []
  if (sideDoors.includes(target)) return []
  const allowed = arrows[room] ?? []
  if (other === '' || (allowed !== 'all' && !allowed.includes(other)) || other === 'commands') {
    return [`${file}: '${room}' may not import '${other || target}'`]
  }
  return target === `${other}/index.ts` || isStory(target, files)
    ? []
    : [`${file}: goes past the door of '${other}' to ${target}`]
}

function packageViolations(file: string, from: string): string[] {
  for (const [name, rooms] of Object.entries(homes)) {
    if (from !== name && !from.startsWith(`${name}/`)) continue
    if (!rooms.some(room => file.startsWith(room))) return [`${file}: ${name} belongs to ${rooms.join(', ')}`]
  }
  return []
}

/** Rooms that need each other at run time. Files directly in src/ are no room. */
function cycles(imports: readonly Import[]): string[] {
  const edges = new Map<string, Set<string>>()
  for (const { file, from, onlyTypes } of imports) {
    if (onlyTypes || !from.startsWith('.')) continue
    const target = posix.join(posix.dirname(file), from)
    const [room, other] = [roomOf(file), roomOf(target)]
    if (room === other || room === '' || other === '' || sideDoors.includes(target)) continue
    edges.set(room, (edges.get(room) ?? new Set()).add(other))
  }
  const found = new Set<string>()
  for (const start of edges.keys()) walk(start, [start])
  return [...found].map(cycle => `rooms in a circle: ${cycle}`)

  function walk(room: string, path: string[]): void {
    for (const next of edges.get(room) ?? []) {
      if (next === path[0]) found.add([...path, next].join(' → '))
      else if (!path.includes(next) && next > (path[0] ?? '')) walk(next, [...path, next])
    }
  }
}

/** The first folder below src/; '' for a file directly in it. */
function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : ''
}
