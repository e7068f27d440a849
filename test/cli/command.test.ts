import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cosmos, outcomeOf, said, start } from './program.ts'

const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

describe('a command', () => {
  it('is `here` when none is named, also with global flags', async () => {
    const [bare, lab] = await Promise.all([cosmos(), cosmos('--lab')])
    assert.equal(bare.stdout, 'lab off, config none\nNAME  TYPE\nacme  cx23\n')
    assert.equal(bare.stderr, 'a note\n')
    assert.equal(bare.code, 0)
    assert.match(lab.stdout, /lab sim/)
  })

  it('takes --lab bare or with its kind, and the other global flags', async () => {
    const { stdout } = await cosmos('here', '--lab=vm', '-y', '-c', 'x/cosmos.yaml', '--verbose', '--json')
    assert.deepEqual(lastLine(stdout), {
      type: 'result',
      command: 'here',
      json: true,
      yes: true,
      interactive: false,
      verbose: true,
      config: 'x/cosmos.yaml',
      lab: 'vm',
    })
  })

  it('prints nothing but JSON on stdout with --json', async () => {
    const { stdout } = await cosmos('here', '--json')
    assert.equal(stdout.trimEnd().split('\n').length, 1)
  })

  it('keeps what stands behind -- to itself', async () => {
    const { stdout } = await cosmos('print', 'words', '1', '--', 'ls', '--lab', '--json')
    assert.equal(stdout, '0 1 ls --lab --json\n')
  })

  it('ends in peace when its reader goes away', async () => {
    const child = spawn('sh', [
      '-c',
      '{ "$0" "$1" print words 200000; echo "code $?" >&2; } | head -1',
      process.execPath,
      join(import.meta.dirname, 'fixture/run.js'),
    ])
    const { stdout, stderr } = await outcomeOf(child)
    assert.match(stdout, /^0 /)
    assert.equal(stderr, 'code 0\n')
  })
})

describe('a failure', () => {
  const codes = { plain: 1, usage: 2, refused: 3, code: 4, fault: 1, prompt: 130 }
  for (const [how, code] of Object.entries(codes)) {
    it(`of kind '${how}' ends with ${code}`, async () => {
      assert.equal((await cosmos('fail', how)).code, code)
    })
  }

  it('says what failed, the evidence and what to type next, without a stack', async () => {
    const { stdout, stderr } = await cosmos('fail', 'plain')
    assert.equal(stdout, '')
    assert.equal(stderr, 'The API said no.\n  GET /servers → 500\n→ next: cosmos status\n')
  })

  it('shows the stack and the cause with --verbose', async () => {
    const { stderr } = await cosmos('fail', 'plain', '--verbose')
    assert.match(stderr, /CosmosError: The API said no\.\n\s+at .*fail\.ts/)
    assert.match(stderr, /caused by:\nError: socket hang up/)
  })

  it('is the last line with --json', async () => {
    const { stdout } = await cosmos('fail', 'plain', '--json')
    assert.deepEqual(lastLine(stdout), {
      type: 'error',
      code: 'api',
      message: 'The API said no.',
      hint: 'cosmos status',
      details: ['GET /servers → 500'],
      exitCode: 1,
    })
  })

  it('keeps the result when the command only says that something is not well', async () => {
    const { stdout, code } = await cosmos('fail', 'code', '--json')
    assert.deepEqual(lastLine(stdout), { type: 'result', command: 'fail', healthy: false })
    assert.equal(code, 4)
  })

  const wrong: Record<string, string[]> = {
    'an unknown command': ['nope'],
    'an unknown command below a topic': ['print', 'nope'],
    'an unknown flag': ['here', '--bogus'],
    'a wrong kind of lab': ['here', '--lab=cloud'],
    'a word too many': ['here', 'extra'],
    'a missing argument': ['fail'],
  }
  for (const [what, words] of Object.entries(wrong)) {
    it(`is of usage (2) for ${what}, as text and as JSON`, async () => {
      const [text, json] = await Promise.all([cosmos(...words), cosmos(...words, '--json')])
      assert.equal(text.code, 2, text.stderr)
      assert.match(text.stderr, /→ next: cosmos .*--help\n$/)
      assert.doesNotMatch(text.stderr, /\n\s+at /)
      assert.equal(json.code, 2)
      assert.equal(lastLine(json.stdout).type, 'error')
    })
  }
})

describe('Ctrl-C', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`${signal} stops the step that runs and ends with 130`, async () => {
      const history = join(mkdtempSync(join(tmpdir(), 'cosmos-cli-')), 'history.jsonl')
      const child = start(['wait', '--history', history])
      const ended = outcomeOf(child)
      await said(child, 'start Wait for the end')
      child.kill(signal)
      const { code, stderr } = await ended
      assert.equal(code, 130)
      assert.match(stderr, /warn {2}Stopping after this step/)
      assert.match(stderr, /STOP {2}Wait for the end/)
      assert.doesNotMatch(stderr, /Never reached/)
      assert.match(stderr, new RegExp(`Interrupted by ${signal}`))
      assert.match(stderr, /→ next: cosmos wait\n$/)
      assert.equal(lastLine(readFileSync(history, 'utf8')).outcome, 'interrupted')
    })
  }

  it('a second one ends a step that does not stop, at once', async () => {
    const child = start(['wait', '--stubborn'])
    const ended = outcomeOf(child)
    await said(child, 'start Wait for the end')
    child.kill('SIGINT')
    await said(child, 'Stopping after this step')
    const again = setInterval(() => child.kill('SIGINT'), 50)
    const { code } = await ended
    clearInterval(again)
    assert.equal(code, 130)
  })
})
