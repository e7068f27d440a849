import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { InterruptedError } from '../../src/errors.ts'
import { runSteps, type Step, terminalSink } from '../../src/progress/index.ts'

/** Keeps what is drawn; looks like a terminal of that width. */
class Screen extends Writable {
  isTTY = true
  rows = 40
  columns: number
  text = ''
  constructor(columns: number) {
    super({ decodeStrings: false })
    this.columns = columns
  }
  /** Reads NO_COLOR, TERM and so on, as a real terminal does. */
  getColorDepth() {
    return WriteStream.prototype.getColorDepth.call(this)
  }
  override _write(chunk: string, _encoding: string, done: () => void) {
    this.text += chunk
    done()
  }
}

async function draw(screen: Screen, steps: Step<null>[], signal = new AbortController().signal) {
  const sinks = [terminalSink(screen as unknown as NodeJS.WriteStream)]
  await runSteps({ command: 'up', cluster: 'acme', steps, context: null, signal, sinks })
}

const look: Step<null> = { id: 'look', title: 'Look at what is there', run: async () => '3 resources' }

describe('terminalSink', () => {
  for (const columns of [80, 120]) {
    it(`leaves the finished list standing at ${columns} columns, no line wider`, async () => {
      const screen = new Screen(columns)
      await draw(screen, [
        look,
        { id: 'key', title: 'Create SSH key', skip: () => 'already there' },
        {
          id: 'make',
          title: 'Create side by side',
          parallel: true,
          children: [
            { id: 'a', title: 'Create volume', run: async () => 'id 7, '.repeat(40) },
            { id: 'b', title: 'Create firewall', run: async () => undefined },
          ],
        },
      ])
      const lines = stripVTControlCharacters(screen.text).split(/\r?\n/)
      assert(
        lines.every(line => line.length <= columns),
        `too wide: ${lines.find(line => line.length > columns)}`,
      )
      const text = stripVTControlCharacters(screen.text)
      const frame = text.slice(text.lastIndexOf('✔ Look'))
      assert.match(
        frame,
        /^✔ Look at what is there {2}3 resources\n- Create SSH key {2}already there\n✔ Create side by side\n {2}✔ Create volume {2}id 7, .*…\n {2}✔ Create firewall\n$/,
      )
    })
  }

  it('marks what failed and leaves the rest waiting', async () => {
    const screen = new Screen(80)
    const boom: Step<null> = {
      id: 'boom',
      title: 'Create server',
      run: () => Promise.reject(new Error('boom')),
    }
    await assert.rejects(draw(screen, [look, boom, { id: 'later', title: 'Wait for SSH' }]), {
      message: 'boom',
    })
    const text = stripVTControlCharacters(screen.text)
    assert.match(
      text.slice(text.lastIndexOf('✔ Look')),
      /^✔ Look.*\n✖ Create server {2}failed after 0\.0s\n· Wait for SSH\n$/,
    )
  })

  for (const [when, before] of [
    ['before the first step', []],
    ['between two steps', [look]],
  ] as const) {
    it(`ends when the run is interrupted ${when}`, async () => {
      const screen = new Screen(80)
      const controller = new AbortController()
      const stop: Step<null> = {
        id: 'stop',
        title: 'Stop',
        run: async () => controller.abort(new InterruptedError()),
      }
      if (before.length === 0) controller.abort(new InterruptedError())
      const steps = [
        ...before,
        stop,
        { id: 'later', title: 'Wait', children: [{ id: 'below', title: 'Below' }] },
      ]
      await assert.rejects(draw(screen, steps, controller.signal), { name: 'InterruptedError' })
      assert(screen.text.endsWith('\u001b[?25h'))
    })
  }

  it('shows the cursor again, and takes no signals', async () => {
    const screen = new Screen(80)
    const before = process.listenerCount('SIGINT')
    await draw(screen, [look])
    assert(screen.text.lastIndexOf('\u001b[?25h') > screen.text.lastIndexOf('\u001b[?25l'))
    assert(process.listenerCount('SIGINT') - before <= 1)
  })

  it('draws without colour when NO_COLOR is set', async () => {
    const screen = new Screen(80)
    const before = process.env.NO_COLOR
    process.env.NO_COLOR = '1'
    try {
      await draw(screen, [look])
    } finally {
      if (before === undefined) delete process.env.NO_COLOR
      else process.env.NO_COLOR = before
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    assert.doesNotMatch(screen.text, /\u001b\[\d+(;\d+)*m/)
  })
})
