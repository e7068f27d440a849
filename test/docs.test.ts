import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Config } from '@oclif/core'
import { baseFlags } from '../src/cli/flags.ts'
import { route } from '../src/cli/route.ts'

const root = join(import.meta.dirname, '..')
const papers = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })]

/** Every `cosmos …` in code spans and code blocks. */
function commandsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '')
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(match => (match[1] ?? '').split('\n'))
  return [...spans, ...blocks]
    .flatMap(line => line.split(/&&|\|/))
    .map(line =>
      line
        .replace(/#.*$/, '')
        .trim()
        .replace(/^(npx|sudo|\$) /, ''),
    )
    .filter(line => /^cosmos( |$)/.test(line))
}

/** `cosmos key`: said of all its commands together. */
function isTopic(config: Config, [word, ...more]: string[]): boolean {
  return more.length === 0 && config.commands.some(command => command.id.startsWith(`${word}:`))
}

describe('the commands in the documents', () => {
  let config: Config
  before(async () => {
    const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    config = await Config.load({
      root,
      pjson: { ...pjson, oclif: { ...pjson.oclif, commands: './src/commands' } },
      ignoreManifest: true,
    })
  })

  for (const paper of papers) {
    it(`exist, with their flags: ${paper}`, async () => {
      for (const line of commandsIn(readFileSync(join(root, paper), 'utf8'))) {
        const words = line.split(/\s+/).slice(1)
        if (words[0]?.startsWith('--') || words.includes('…') || isTopic(config, words)) continue
        const { id } = route(
          words.filter(word => !/^[A-Z]|[[\]<>]/.test(word)),
          config.commands,
        )
        const command = config.findCommand(id)
        assert.ok(command, line)
        const known = new Set([...Object.keys(command.flags), ...Object.keys(baseFlags), 'help'])
        const own = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined)
        for (const word of own.filter(each => each.startsWith('--') && each.length > 2)) {
          assert.ok(
            known.has(word.replace(/^--(no-)?/, '').replace(/=.*/, '')),
            `${paper}: "${line}" has no flag ${word}`,
          )
        }
      }
    })
  }
})
