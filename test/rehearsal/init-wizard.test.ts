import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { loadConfig } from '../../src/config/index.ts'
import { readVault } from '../../src/vault/index.ts'
import { type CloudServer, serveCloud, tokens } from '../flows/init/cloud-server.ts'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const enter = '\r'
const clear = '\x15'
const ctrlC = '\x03'

/** What to wait for on the screen, and what to type then. */
type Turn = [seen: RegExp, typed: string]

/** `script` of util-linux lends a terminal; other systems' programs of that name take other arguments. */
const hasTerminal = process.platform === 'linux' && ['/usr/bin/script', '/bin/script'].some(existsSync)

describe('cosmos init, asking a person', function () {
  this.timeout(60_000)
  let cloud: CloudServer
  let root: string
  let dir: string
  let child: ChildProcess | undefined
  before(function () {
    if (hasTerminal) return
    if (process.env.CI === 'true')
      throw new Error('The program "script" is missing: it lends the test a terminal.')
    this.skip()
  })
  beforeEach(async () => {
    cloud = await serveCloud()
    root = mkdtempSync(join(tmpdir(), 'cosmos-wizard-'))
    dir = join(root, 'shop')
    execFileSync('git', ['init', '-q', '-b', 'trunk', dir])
  })
  afterEach(() => {
    child?.kill('SIGKILL')
    cloud.close()
    rmSync(root, { recursive: true })
  })

  /** Holds the conversation; ends with the exit code and all that was on the screen. */
  async function talk(turns: Turn[]): Promise<{ code: number; screen: string }> {
    const { PATH = '' } = process.env
    const command = `stty cols 110; '${process.execPath}' '${program}' init`
    const env = { PATH, HOME: root, TERM: 'xterm', SHELL: '/bin/sh', HCLOUD_ENDPOINT: cloud.endpoint }
    const started = spawn('script', ['-qefc', command, '/dev/null'], { cwd: dir, env })
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

  it('corrects wrong answers on the spot and writes what was answered', async () => {
    const { code, screen } = await talk([
      [/API token of the project:/, `nonsense${enter}`],
      [/does not accept the API token[\s\S]*API token of the project:/, tokens.good + enter],
      [/Name of the cluster/, enter],
      [/Location/, enter],
      [/same country\? \(Y\/n\)/, `n${enter}`],
      [/Server types[\s\S]*not in stock now/, enter],
      [/Data volume in GB/, `5${enter}`],
      [/must be at least 10/, `${clear}30${enter}`],
      [/Repository that Argo CD reads/, `git@github.com:acme/company.git${enter}`],
      [/this is an SSH address/, `${clear}https://me:git-secret@github.com/acme/company${enter}`],
      [/Domain/, `acme.example${enter}`],
      [/E-mail/, `${clear}ops@acme.example${enter}`],
      [/Keep the API token in the vault\?/, enter],
      [/Passphrase of the vault:/, `correct horse${enter}`],
      [/The same again:/, `wrong horse${enter}`],
      [/That is not the same/, `${clear}correct horse${enter}`],
      [/Together +EUR +6\.32[\s\S]*Write the project\?/, enter],
    ])
    assert.equal(code, 0, screen)
    for (const secret of [tokens.good, 'correct horse'])
      assert.ok(!screen.includes(secret), 'a secret was shown')
    const config = await loadConfig(join(dir, 'cosmos.yaml'))
    assert.deepEqual([config.name, config.locations, config.volume.sizeGb], ['shop', ['nbg1'], 30])
    assert.deepEqual([config.git.url, config.git.branch], ['https://github.com/acme/company', 'main'])
    const vault = await readVault(join(dir, 'cosmos.vault.age'), { passphrase: 'correct horse' })
    assert.deepEqual([vault.hetzner?.token, vault.git?.token], [tokens.good, 'git-secret'])
  })

  it('ends with 130 on Ctrl-C in a question, and has written nothing', async () => {
    const { code, screen } = await talk([
      [/API token of the project:/, tokens.good + enter],
      [/Name of the cluster/, ctrlC],
    ])
    assert.equal(code, 130, screen)
    assert.match(screen, /nothing was changed/)
    assert.deepEqual(readdirSync(dir).sort(), ['.cosmos', '.git'])
  })
})
