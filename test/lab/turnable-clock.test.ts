import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { turnableClock } from '../../src/lab/turnable-clock.ts'

describe('lab: clock', () => {
  it('stands still at speed 0 and moves when stepped, waking sleepers in order', async () => {
    const clock = turnableClock({ speed: 0, startsAt: 1000 })
    const seen: string[] = []
    const note = (name: string) => () => void seen.push(`${name}@${clock.now()}`)
    void clock.sleep(300).then(note('late'))
    void clock
      .sleep(100)
      .then(note('early'))
      .then(() => clock.sleep(50))
      .then(note('follow-up'))
    await clock.step(200)
    deepEqual(seen, ['early@1100', 'follow-up@1150'])
    equal(clock.now(), 1200)
    await clock.step(100)
    deepEqual(seen.at(-1), 'late@1300')
  })

  it('runs at its speed, and at another when turned', async () => {
    let real = 0
    const clock = turnableClock({ speed: 10, startsAt: 0, realNow: () => real })
    real = 5
    equal(clock.now(), 50)
    clock.setSpeed(100)
    real = 6
    equal(clock.now(), 150)
    clock.stop()
  })

  it('wakes in real time divided by the speed', async () => {
    const clock = turnableClock({ speed: 1000, startsAt: 0 })
    const began = performance.now()
    await clock.sleep(20_000)
    const took = performance.now() - began
    ok(took >= 15 && took < 500, `${took} ms`)
  })

  it('lets a sleeper go when its signal aborts', async () => {
    const clock = turnableClock({ speed: 0, startsAt: 0 })
    const abort = new AbortController()
    const asleep = clock.sleep(1000, abort.signal)
    abort.abort(new Error('enough'))
    await rejects(asleep, /enough/)
    await rejects(clock.sleep(1, abort.signal), /enough/)
  })
})
