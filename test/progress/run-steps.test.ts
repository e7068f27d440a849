import assert from 'node:assert/strict'
import { once } from 'node:events'
import { CosmosError, InterruptedError } from '../../src/errors.ts'
import { runSteps, type Step } from '../../src/progress/index.ts'
import { recorder } from './recorder.ts'

type Context = { trace: string[] }

function run(steps: Step<Context>[], signal = new AbortController().signal) {
  const sink = recorder()
  const context: Context = { trace: [] }
  const result = runSteps({
    command: 'up',
    cluster: 'acme',
    steps,
    context,
    signal,
    sinks: [sink],
    run: 'r1',
  })
  return { sink, context, result }
}

const mark = (id: string): Step<Context> => ({
  id,
  title: `Do ${id}`,
  run: async ({ trace }) => {
    trace.push(id)
  },
})

/** Ends only when its signal is aborted, as a wait of the client does. */
const waiting = (id: string, began?: () => void): Step<Context> => ({
  id,
  title: `Wait ${id}`,
  run: async (_, { signal }) => {
    const aborted = once(signal, 'abort')
    began?.()
    await aborted
    signal.throwIfAborted()
  },
})

describe('runSteps', () => {
  it('runs steps in order, children after their parent, and says so', async () => {
    const { sink, context, result } = run([mark('a'), { ...mark('b'), children: [mark('c'), mark('d')] }])
    const summary = await result
    assert.deepEqual(context.trace, ['a', 'b', 'c', 'd'])
    assert.deepEqual(sink.short(), [
      'run-start',
      'start a',
      'done a',
      'start b',
      'start c',
      'done c',
      'start d',
      'done d',
      'done b',
      'run ok',
    ])
    assert.equal(sink.closed, 1)
    assert.deepEqual(
      summary.steps.map(step => step.id),
      ['a', 'c', 'd', 'b'],
    )
    assert.equal(summary.run, 'r1')
  })

  it('tells the outline first, so that a list can be drawn', async () => {
    const { sink, result } = run([{ id: 'a', title: 'A', parallel: true, children: [mark('b')] }])
    await result
    const [start] = sink.events
    assert(start?.type === 'run-start')
    assert.equal(start.cluster, 'acme')
    assert.deepEqual(start.steps, [
      { id: 'a', title: 'A', parallel: true, children: [{ id: 'b', title: 'Do b' }] },
    ])
  })

  it('skips a step and what is below it, with its reason, asked right before', async () => {
    const { sink, context, result } = run([
      mark('a'),
      {
        ...mark('b'),
        skip: ({ trace }) => (trace.includes('a') ? 'already there' : undefined),
        children: [mark('c')],
      },
      mark('d'),
    ])
    await result
    assert.deepEqual(context.trace, ['a', 'd'])
    const skipped = sink.events.find(event => event.type === 'step-end' && event.outcome === 'skipped')
    assert(skipped?.type === 'step-end')
    assert.equal(skipped.message, 'already there')
  })

  it('shows what a step says, made printable', async () => {
    const { sink, result } = run([
      {
        id: 'a',
        title: 'A',
        run: async (_, task) => {
          task.progress('1 of 2\u001b[2J')
          task.log('first\nsecond \u001b[31mred\u001b[0m')
          task.log('10%\r90%\r')
          return 'done so'
        },
      },
    ])
    const { steps } = await result
    assert.deepEqual(sink.short().slice(2, 6), [
      'progress a 1 of 2',
      'log a first',
      'log a second red',
      'log a 90%',
    ])
    assert.equal(steps[0]?.message, 'done so')
  })

  it('ends at the first failure and throws it as it was, after every sink is closed', async () => {
    const failure = new CosmosError('No stock.', { code: 'no-stock' })
    const { sink, context, result } = run([
      { id: 'a', title: 'A', run: () => Promise.reject(failure) },
      mark('b'),
    ])
    await assert.rejects(result, error => error === failure)
    assert.deepEqual(context.trace, [])
    assert.deepEqual(sink.short(), ['run-start', 'start a', 'failed a', 'run failed'])
    assert.equal(sink.closed, 1)
  })

  it('stops the siblings of a failed step, waits for them, and keeps the first error', async () => {
    const failure = new Error('boom')
    const { promise: began, resolve: begin } = Promise.withResolvers<void>()
    const failing: Step<Context> = {
      id: 'bad',
      title: 'Bad',
      run: () => began.then(() => Promise.reject(failure)),
    }
    const { sink, result } = run([
      { id: 'group', title: 'Group', parallel: true, children: [failing, waiting('good', begin)] },
      mark('after'),
    ])
    await assert.rejects(result, error => error === failure)
    assert.deepEqual(sink.short().slice(4), ['failed bad', 'interrupted good', 'failed group', 'run failed'])
    const stopped = sink.events.find(event => event.type === 'step-end' && event.step === 'good')
    assert(stopped?.type === 'step-end')
    assert.match(stopped.message ?? '', /because 'Bad' failed/)
  })

  it('runs parallel children side by side', async () => {
    const { promise: met, resolve: meet } = Promise.withResolvers<void>()
    const { result } = run([
      {
        id: 'group',
        title: 'Group',
        parallel: true,
        children: [
          { id: 'a', title: 'A', run: () => met },
          { id: 'b', title: 'B', run: async () => meet() },
        ],
      },
    ])
    await result
  })

  it('ends as interrupted on an abort, and starts nothing more', async () => {
    const controller = new AbortController()
    const interrupt = () => controller.abort(new InterruptedError('Interrupted by SIGINT.'))
    const { sink, context, result } = run([waiting('a', interrupt), mark('b')], controller.signal)
    await assert.rejects(result, { name: 'InterruptedError', exitCode: 130 })
    assert.deepEqual(context.trace, [])
    assert.deepEqual(sink.short(), ['run-start', 'start a', 'interrupted a', 'run interrupted'])
  })

  it("calls a wait's own AbortError by the reason of the abort", async () => {
    const controller = new AbortController()
    const step: Step<Context> = {
      id: 'a',
      title: 'A',
      run: () => {
        controller.abort(new InterruptedError('Interrupted by SIGTERM.'))
        return Promise.reject(new DOMException('This operation was aborted', 'AbortError'))
      },
    }
    await assert.rejects(run([step], controller.signal).result, { message: 'Interrupted by SIGTERM.' })
  })

  it('keeps a failure that happens while stopping', async () => {
    const controller = new AbortController()
    const failure = new CosmosError('The state file could not be written.', { code: 'state' })
    const step: Step<Context> = {
      id: 'a',
      title: 'A',
      run: () => {
        controller.abort(new InterruptedError())
        return Promise.reject(failure)
      },
    }
    await assert.rejects(run([step], controller.signal).result, error => error === failure)
  })

  for (const [what, ids] of Object.entries({
    'used twice': ['a', 'a'],
    'not kebab-case': ['Create volume'],
  })) {
    it(`refuses an id that is ${what}`, async () => {
      await assert.rejects(run(ids.map(mark)).result, { message: new RegExp(what) })
    })
  }
})
