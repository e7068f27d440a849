import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InterruptedError } from '../../src/errors.ts'
import { holderOf } from '../../src/state/holder.ts'
import { acquireLock, lockHolder } from '../../src/state/index.ts'

const program = fileURLToPath(new URL('./lock-holder.ts', import.meta.url))

describe('the lock', () => {
  let dir: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    dir = join(mkdtempSync(join(tmpdir(), 'cosmos-lock-')), '.cosmos')
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(join(dir, '..'), { recursive: true, maxRetries: 3 })
  })

  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [program, dir, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    children.push(child)
    return child
  }
  const holding = async () => {
    const child = start('swap')
    await once(child.stdout, 'data')
    return child
  }
  const leave = async (holder: object) => {
    mkdirSync(join(dir, 'lock'), { recursive: true })
    writeFileSync(
      join(dir, 'lock', 'left.json'),
      JSON.stringify({ ...(await holderOf('up', new Date(0))), ...holder }),
    )
  }

  it('is had again after it was given back', async () => {
    for (let i = 0; i < 3; i++) await (await acquireLock(dir, { command: 'up' })).release()
    assert.deepEqual(readdirSync(join(dir, 'lock')), [])
  })

  it('refuses a second run and says who, where, what and since when', async () => {
    const lock = await acquireLock(dir, { command: 'up', now: () => new Date('2026-11-23T10:00:00Z') })
    await assert.rejects(
      acquireLock(dir, { command: 'down' }),
      (error: Error & { code?: string; exitCode?: number }) => {
        assert.equal(error.code, 'locked')
        assert.equal(error.exitCode, 3)
        for (const part of ['cosmos up', `pid ${process.pid}`, hostname(), '2026-11-23T10:00:00.000Z']) {
          assert.ok(error.message.includes(part), part)
        }
        return true
      },
    )
    assert.equal((await lockHolder(dir))?.command, 'up')
    await lock.release()
    assert.equal(await lockHolder(dir), undefined)
  })

  it('of another process holds, and is free when that one gives it back', async () => {
    const child = await holding()
    await assert.rejects(acquireLock(dir, { command: 'up' }), { code: 'locked', message: /cosmos swap/ })
    child.stdin.write('end\n')
    await once(child, 'exit')
    await (await acquireLock(dir, { command: 'up' })).release()
  })

  it('of a process killed with SIGKILL is taken over', async () => {
    const child = await holding()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = await acquireLock(dir, { command: 'up' })
    assert.equal(readdirSync(join(dir, 'lock')).length, 1)
    await lock.release()
  })

  it('of a dead process whose pid another one has now is taken over', async () => {
    await leave({ started: 'some other boot 1' })
    await (await acquireLock(dir, { command: 'up' })).release()
  })

  it('of another host holds, since nobody can see whether it lives', async () => {
    await leave({ host: 'elsewhere', pid: 1 })
    await assert.rejects(acquireLock(dir, { command: 'up' }), { code: 'locked', hint: /rm -r .*lock/ })
  })

  it('of another container holds, too', async () => {
    await leave({ pids: 'pid:[1]', pid: 999_999 })
    await assert.rejects(acquireLock(dir, { command: 'up' }), { code: 'locked' })
  })

  it('is not held by a file that says nothing', async () => {
    await leave({})
    writeFileSync(join(dir, 'lock', 'left.json'), '')
    await (await acquireLock(dir, { command: 'up' })).release()
  })

  it('gives up when interrupted', async () => {
    await assert.rejects(
      acquireLock(dir, { command: 'up', signal: AbortSignal.abort(new InterruptedError()) }),
      InterruptedError,
    )
    assert.equal(await lockHolder(dir), undefined)
  })

  it('is one process’s at any time, whoever comes', async () => {
    const contenders = [start('up', '6'), start('swap', '6'), start('down', '6')]
    const ends = contenders.map(async child => {
      const [[output], [code]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])
      assert.equal(code, 0, 'two held it at once')
      return Number(String(output))
    })
    const held = await Promise.all(ends)
    assert.ok(Math.max(...held) > 0, 'somebody held it')
    assert.deepEqual(readdirSync(join(dir, 'lock')), [])
  })
})
