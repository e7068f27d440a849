import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { parse } from 'yaml'
import { requireProgram } from '../interop/foreign.ts'
import { testKey } from '../sealing/keys.ts'
import { passphrase, SealProject } from './seal-project.ts'

const program = new URL('../../bin/run.js', import.meta.url).pathname
const enter = '\r'

/** What to wait for on the screen, and what to type then. */
type Turn = [seen: RegExp, typed: string]

describe('cosmos seal, asking a person', function () {
  this.timeout(60_000)
  let project: SealProject
  let child: ChildProcess | undefined
  before(function () {
    requireProgram(this, 'script', 'apt-get install bsdutils')
  })
  beforeEach(async () => {
    project = await new SealProject([await testKey()]).lay()
  })
  afterEach(() => {
    child?.kill('SIGKILL')
    project.remove()
  })

  /** Holds the conversation; ends with the exit code and all that was on the screen. */
  async function talk(command: string, turns: Turn[]): Promise<{ code: number; screen: string }> {
    const { PATH = '' } = process.env
    const env = { PATH, HOME: project.dir, TERM: 'xterm', SHELL: '/bin/sh', EDITOR: 'sh ./editor' }
    const line = `stty cols 110; '${process.execPath}' '${program}' ${command}`
    const started = spawn('script', ['-qefc', line, '/dev/null'], { cwd: project.dir, env })
    child = started
    let screen = ''
    let unread = ''
    const left = [...turns]
    started.stdout.on('data', (bytes: Buffer) => {
      const text = stripVTControlCharacters(bytes.toString())
      screen += text
      unread += text
      const [turn] = left
      if (turn === undefined || !turn[0].test(unread)) return
      left.shift()
      unread = ''
      started.stdin.write(turn[1])
    })
    const [code] = await once(started, 'exit', { signal: AbortSignal.timeout(30_000) }).catch(() => [-1])
    assert.deepEqual(left, [], `never asked; on the screen was:\n${screen}`)
    return { code, screen }
  }

  it('takes values without showing them', async () => {
    const { code, screen } = await talk('seal app -n ns -o s.yaml', [
      [/Key:/, `user${enter}`],
      [/Value of user:/, `TOPSECRET${enter}`],
      [/Next key/, `password${enter}`],
      [/Value of password:/, `HIDDEN${enter}`],
      [/Next key/, enter],
    ])
    assert.equal(code, 0, screen)
    assert.match(screen, /Sealed ns\/app \(strict\): 2 values/)
    assert.equal(/TOPSECRET|HIDDEN/.test(screen), false)
    const { stdout } = await project.opened(['unseal', 's.yaml'])
    assert.deepEqual((parse(stdout) as { stringData: unknown }).stringData, {
      user: 'TOPSECRET',
      password: 'HIDDEN',
    })
  })

  it('asks for the passphrase of the vault, and shows no more of it', async () => {
    const { code, screen } = await talk('key list', [[/Passphrase of the vault:/, passphrase + enter]])
    assert.equal(code, 0, screen)
    assert.match(screen, /seals and opens/)
    assert.equal(screen.includes(passphrase), false)
  })

  it('offers to edit again what cannot be read', async () => {
    await project.cosmos(['seal', project.secret('p.yaml', { a: 'one' }), '-o', 's.yaml'])
    project.write(
      'editor',
      '#!/bin/sh\nif [ -e tried ]; then sed -i "s/{/  a: TWO/" "$1"; else touch tried; sed -i "s/^  a: one/{/" "$1"; fi\n',
    )
    const { code, screen } = await talk('seal --edit s.yaml', [
      [/Passphrase/, passphrase + enter],
      [/Edit again\?/, enter],
    ]).catch(error => ({ code: -2, screen: String(error) }))
    assert.equal(code, 0, screen)
  })
})

describe('the start of cosmos seal', () => {
  it('loads nothing that sealing does not need', async () => {
    const project = await new SealProject([await testKey()]).lay()
    try {
      const hook =
        "import { registerHooks } from 'node:module'; registerHooks({ load(url, context, next) { process.stderr.write('loaded ' + url + String.fromCharCode(10)); return next(url, context) } })"
      const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }
      const { code, stderr } = await project.cosmos(['seal', project.secret('s.yaml', { a: 'x' })], { env })
      assert.equal(code, 0, stderr)
      assert.match(stderr, /loaded .*node_modules\/yaml\//)
      const heavy = stderr.match(
        /node_modules\/(@inquirer|inquirer|ssh2|axios|hcloud-js|listr2|zod|age-encryption|node-forge|bcryptjs)\//g,
      )
      assert.equal(heavy, null)
    } finally {
      project.remove()
    }
  })
})
