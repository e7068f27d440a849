import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { createCli, type GlobalFlags } from '../../src/cli/create-cli.ts'
import { InterruptedError } from '../../src/errors.ts'

const flags: GlobalFlags = { json: false, yes: false, verbose: false }

function create(
  overrides: Partial<GlobalFlags> = {},
  env: NodeJS.ProcessEnv = {},
  tty = { stdin: true, stderr: true },
) {
  const stream = (isTTY: boolean) =>
    Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY }) as unknown as NodeJS.WriteStream &
      PassThrough
  const [stdout, stderr] = [stream(false), stream(tty.stderr)]
  const controller = new AbortController()
  const around = { stdin: { isTTY: tty.stdin }, stdout, stderr, env, cwd: () => '/home/me' }
  const cli = createCli({ ...flags, ...overrides }, controller.signal, around, () => undefined)
  return {
    cli,
    controller,
    stdout: () => String(stdout.read() ?? ''),
    stderr: () => String(stderr.read() ?? ''),
  }
}

describe('createCli', () => {
  describe('may ask questions', () => {
    const rows: [string, boolean, ReturnType<typeof create>][] = [
      ['at a terminal', true, create()],
      ['not with --json', false, create({ json: true })],
      ['not in CI', false, create({}, { CI: 'true' })],
      ['where CI says false', true, create({}, { CI: 'false' })],
      ['not when stdin is a pipe', false, create({}, {}, { stdin: false, stderr: true })],
      ['not when nobody sees the question', false, create({}, {}, { stdin: true, stderr: false })],
    ]
    for (const [what, expected, { cli }] of rows) {
      it(what, () => assert.equal(cli.interactive, expected))
    }
  })

  it('knows the lab by its flag', () => {
    assert.deepEqual(
      [undefined, 'sim', 'vm'].map(lab => create({ lab }).cli.lab),
      ['off', 'sim', 'vm'],
    )
  })

  it('keeps results for the end of a run, and makes its notes events', async () => {
    const { cli, stdout, stderr } = create({}, { CI: '1' })
    const during: string[] = []
    await cli.runSteps(
      'up',
      null,
      [
        {
          id: 'a',
          title: 'Step',
          run: async () => {
            cli.out('result')
            cli.note('a note')
            during.push(stdout())
          },
        },
      ],
      {},
    )
    assert.deepEqual(during, [''])
    assert.equal(stdout(), 'result\n')
    assert.match(stderr(), /^\S+ warn {2}a note$/m)
  })

  it('says what goes on after an interruption', async () => {
    const { cli, controller } = create({})
    controller.abort(new InterruptedError('Interrupted by SIGINT.'))
    await assert.rejects(cli.runSteps('up', null, [{ id: 'a', title: 'A' }], {}), {
      message: 'Interrupted by SIGINT.',
      hint: 'cosmos up',
      exitCode: 130,
    })
  })

  it('says after the run that the history could not be kept', async () => {
    const { cli, stderr } = create({}, { CI: '1' })
    await cli.runSteps('up', null, [{ id: 'a', title: 'A' }], {}, { historyFile: '/dev/null/history.jsonl' })
    assert.match(stderr(), /\nThis run is not kept in the history: .*\n$/)
  })
})
