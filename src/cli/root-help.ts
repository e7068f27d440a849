import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { wrapped } from './wrapped.ts'

type Listed = { id: string; summary?: string; description?: string; hidden?: boolean }

/** The commands in the order in which they are met; the rest follows by name. */
const order =
  'init up swap resize status doctor ssh logs kubeconfig down seal unseal key vault gitops render lab'.split(
    ' ',
  )

/**
 * What `cosmos --help` prints, straight from oclif.manifest.json in `root`: a list of commands needs no framework,
 * and this is the page that must come at once. `cosmos COMMAND --help` is oclif's. `columns` is the width to keep.
 */
export function rootHelp(root: string, columns = 80): string {
  const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, Listed>
  }
  const rows = Object.values(manifest.commands)
    .filter(command => !command.hidden)
    .map(command => ({ name: command.id.replaceAll(':', ' '), text: firstLine(command) }))
    .sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name))
  const width = Math.max(...rows.map(row => row.name.length), 0)
  return [
    'cosmos runs one server with K3s and Argo CD on Hetzner Cloud, from Git.',
    '',
    'USAGE',
    '  $ cosmos                 where things stand and what to type next',
    '  $ cosmos COMMAND --help  what a command takes',
    '',
    'COMMANDS',
    ...rows.flatMap(({ name, text }) => {
      const lines = wrapped(text, columns - width - 4)
      return lines.map((line, at) => `  ${(at === 0 ? name : '').padEnd(width)}  ${line}`.trimEnd())
    }),
    '',
    'Every command takes --json, --yes, --config FILE, --lab and --verbose.',
    'Exit codes: 0 ok, 1 failure, 2 usage or something to do, 3 refused,',
    '            4 unhealthy, 130 interrupted.',
    '',
  ].join('\n')
}

function firstLine(command: Listed): string {
  return (command.summary ?? command.description ?? '').split('\n', 1)[0] ?? ''
}

function rank(name: string): number {
  const place = order.indexOf(name.split(' ')[0] ?? name)
  return place === -1 ? order.length : place
}
