import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importsOf } from './architecture/imports.ts'
import { violations } from './architecture/rules.ts'

const src = join(import.meta.dirname, '..', 'src')
const files = globSync('**/*.ts', { cwd: src }).map(file => file.replaceAll('\\', '/'))
const textOf = (file: string) => readFileSync(join(src, file), 'utf8')

describe('the house', () => {
  it('keeps the arrows and doors of docs/architecture.md', () => {
    const imports = files.flatMap(file => importsOf(file, textOf(file)))
    assert(imports.length > 100, 'found too few imports to be looking at the right place')
    assert.deepEqual(violations(imports, files), [])
  })

  it('ends the process in bin/ only', () => {
    const exits = files.filter(file => /\bprocess\.(exit|reallyExit|abort)\(/.test(textOf(file)))
    assert.deepEqual(exits, [])
  })

  it('has a door in every room', () => {
    const rooms = new Set(files.filter(file => file.includes('/')).map(file => file.split('/')[0]))
    for (const open of ['commands', 'flows']) rooms.delete(open)
    const closed = [...rooms].filter(room => !files.includes(`${room}/index.ts`))
    assert.deepEqual(closed, [])
  })

  it('has no room for everything', () => {
    const names = /(^|\/)(utils?|helpers?|common|misc|manager)(\/|\.ts$)/
    assert.deepEqual(
      files.filter(file => names.test(file)),
      [],
    )
  })
})

describe('the checker', () => {
  const broken: [string, string, string, RegExp][] = [
    [
      'an arrow upward',
      'ssh/connect.ts',
      "import { up } from '../flows/index.ts'",
      /'ssh' may not import 'flows'/,
    ],
    [
      'a room beside',
      'state/lock.ts',
      "import { seal } from '../sealing/index.ts'",
      /'state' may not import 'sealing'/,
    ],
    [
      'commands from a flow',
      'flows/up.ts',
      "import Up from '../commands/up.ts'",
      /may not import 'commands'/,
    ],
    [
      'rooms from commands',
      'commands/up.ts',
      "import { x } from '../hetzner/index.ts'",
      /'commands' may not import 'hetzner'/,
    ],
    [
      'the client from the lab',
      'lab/api/server.ts',
      "import { a } from '../../hetzner/index.ts'",
      /'lab' may not import 'hetzner'/,
    ],
    [
      'a window instead of the door',
      'flows/up.ts',
      "import { a } from '../ssh/run.ts'",
      /past the door of 'ssh'/,
    ],
    [
      'a page of a story',
      'commands/up.ts',
      "import { plan } from '../flows/up/plan.ts'",
      /past the door of 'flows'/,
    ],
    ['a re-export past the door', 'flows/up.ts', "export { a } from '../ssh/run.ts'", /past the door/],
    ['a dynamic import past the door', 'flows/up.ts', "await import('../ssh/run.ts')", /past the door/],
    [
      'an import over several lines',
      'ssh/a.ts',
      "import {\n  a,\n  type B,\n} from '../state/index.ts'",
      /'ssh' may not/,
    ],
    ['an import for its effect', 'ssh/a.ts', "import '../state/index.ts'", /'ssh' may not/],
    ['listr2 elsewhere', 'flows/up.ts', "import { Listr } from 'listr2'", /listr2 belongs to progress/],
    ['ssh2 elsewhere', 'flows/up.ts', "import ssh from 'ssh2'", /ssh2 belongs to ssh/],
    [
      'a subpath of inquirer',
      'flows/up.ts',
      "import { input } from '@inquirer/prompts'",
      /belongs to flows.prompts/,
    ],
    [
      'the clock of Node in a pure room',
      'manifests/a.ts',
      "import { setTimeout } from 'node:timers'",
      /pure room/,
    ],
    [
      'files in a pure room',
      'cloudinit/a.ts',
      "import { readFileSync } from 'node:fs'",
      /pure room 'cloudinit'/,
    ],
    ['something outside src', 'ssh/a.ts', "import { a } from '../../test/a.ts'", /out of src/],
  ]
  for (const [what, file, text, message] of broken) {
    it(`sees ${what}`, () => {
      const found = violations(importsOf(file, text), [
        'flows/up/index.ts',
        'flows/up/plan.ts',
        'flows/keys/list.ts',
      ])
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0] ?? '', message)
    })
  }

  it('sees rooms that need each other', () => {
    const imports = [
      ...importsOf('flows/up.ts', "import { a } from '../cli/index.ts'"),
      ...importsOf('cli/a.ts', "import { b } from '../progress/index.ts'"),
      ...importsOf('progress/a.ts', "import { c } from '../flows/index.ts'"),
    ]
    assert(violations(imports, []).includes('rooms in a circle: cli → progress → flows → cli'))
  })

  const fine: [string, string, string][] = [
    ['types from anywhere', 'ssh/a.ts', "import type { Server } from '../hetzner/server.ts'"],
    ['types in braces', 'ssh/a.ts', "import { type A, type B } from '../hetzner/server.ts'"],
    ['a door below', 'flows/up.ts', "import { connect } from '../ssh/index.ts'"],
    ['the vocabulary of failure', 'ssh/a.ts', "import { CosmosError } from '../errors.ts'"],
    ['its own room', 'lab/api/a.ts', "import { b } from '../store/b.ts'"],
    ['the wire', 'lab/a.ts', "import { x } from '../hetzner/wire.ts'"],
    ['a comment', 'ssh/a.ts', "// import { x } from '../state/index.ts'\n/* import '../flows/a.ts' */"],
    ['crypto in a pure room', 'sealing/a.ts', "import { createHash } from 'node:crypto'"],
    ['a story', 'commands/up.ts', "import { up } from '../flows/up/index.ts'"],
    ['a story on a shelf', 'commands/key/list.ts', "import { list } from '../../flows/keys/list.ts'"],
    ['a short story', 'commands/ssh.ts', "import { ssh } from '../flows/ssh.ts'"],
  ]
  for (const [what, file, text] of fine) {
    it(`allows ${what}`, () =>
      assert.deepEqual(
        violations(importsOf(file, text), ['flows/up/index.ts', 'flows/up/plan.ts', 'flows/keys/list.ts']),
        [],
      ))
  }
})
