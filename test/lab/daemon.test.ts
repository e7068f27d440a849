import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as nextTurn } from 'node:timers/promises'
import { createHetzner } from '../../src/hetzner/index.ts'
import { labStatus, resetLab, serveLab, startLab, stopLab } from '../../src/lab/index.ts'
import { isRunning } from '../../src/lab/process-life.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwZ9vj2yXtb0BqZ2n9m8o0Q0oUvCw2jVQ3T5w8mQh8u me'

describe('the lab in the background', function () {
  this.timeout(60_000)
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cosmos-daemon-'))
  })
  afterEach(async () => {
    await stopLab(dir)
    rmSync(dir, { recursive: true, force: true })
  })
  const start = (options: { speed?: number; port?: number } = {}) => startLab({ dir, speed: 100, ...options })
  const keys = async () => {
    const { endpoint, token } = readInfo()
    return createHetzner({ endpoint, token }).sshKeys
  }
  const labTime = async () => Date.parse((await labStatus(dir))?.now ?? '')
  const readInfo = () => JSON.parse(readFileSync(join(dir, 'lab.json'), 'utf8'))

  it('is nothing before the first start', async () => {
    assert.equal(await labStatus(dir), undefined)
    assert.equal(await stopLab(dir), false)
  })

  it('answers once it is started, is found again, and stops', async () => {
    const info = await start()
    assert.deepEqual(await start({ speed: 5 }), info)
    assert.deepEqual(readInfo(), info)
    assert.equal(statSync(join(dir, 'lab.json')).mode & 0o777, 0o600)
    assert.match(info.token, /^[A-Za-z0-9]{64}$/)
    const status = await labStatus(dir)
    assert.equal(status?.running, true)
    assert.equal(status?.servers, 0)
    assert.equal(status?.speed, 100)
    assert.equal(await stopLab(dir), true)
    assert.equal((await labStatus(dir))?.running, false)
  })

  it('keeps endpoint, tokens, time and what it holds over a stop', async () => {
    const before = await start({ speed: 10_000 })
    await (await keys()).create({ name: 'me', public_key: key })
    const then = await labTime()
    await stopLab(dir)
    const after = await start()
    assert.equal(after.endpoint, before.endpoint)
    assert.equal(after.token, before.token)
    assert((await labTime()) > then, 'lab time ran backwards')
    assert.equal((await (await keys()).list())[0]?.name, 'me')
  })

  it('has kept what it confirmed when it is killed while writing, and starts at once', async () => {
    const { pid } = await start()
    await (await keys()).create({ name: 'me', public_key: key })
    process.kill(pid, 'SIGKILL')
    const path = join(dir, 'cloud.journal')
    writeFileSync(path, `${readFileSync(path, 'utf8')}["sshKeys",7,{"id":7,"na`)
    await start()
    assert.equal((await (await keys()).list()).length, 1)
  })

  it('is one, however many start it', async () => {
    const all = await Promise.all([start(), start(), start()])
    assert.equal(new Set(all.map(({ pid }) => pid)).size, 1)
  })

  it('refuses a folder that another lab serves', async () => {
    await start()
    await assert.rejects(serveLab({ dir }), { code: 'lab-running' })
  })

  it('says when the port is taken, and how to go on', async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    assert(address && typeof address === 'object')
    await assert.rejects(start({ port: address.port }), { code: 'lab-port-in-use', hint: /--port 0/ })
    await new Promise(resolve => other.close(resolve))
  })

  it('says when its memory is damaged', async () => {
    writeFileSync(join(dir, 'cloud.json'), '{"servers": [')
    await assert.rejects(start(), { code: 'lab-store-broken', hint: /cosmos lab reset/ })
  })

  it('is empty after a reset, and runs if it ran', async () => {
    const before = await start()
    await (await keys()).create({ name: 'me', public_key: key })
    await resetLab(dir)
    assert.deepEqual(await (await keys()).list(), [])
    assert.equal(readInfo().token, before.token)
    await stopLab(dir)
    await resetLab(dir)
    assert.equal((await labStatus(dir))?.running, false)
  })

  it('ends by itself when its folder is deleted', async () => {
    const { pid } = await start()
    rmSync(dir, { recursive: true })
    while (isRunning(pid)) await nextTurn(20)
  })

  it('is not told the secrets of whoever starts it', async function () {
    if (process.platform !== 'linux') this.skip()
    process.env.HCLOUD_TOKEN = 'a token of a real cloud'
    try {
      const { pid } = await start()
      assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'utf8'), /a token of a real cloud/)
    } finally {
      delete process.env.HCLOUD_TOKEN
    }
  })

  it('stops waiting for it when interrupted', async () => {
    const reason = new Error('interrupted by the test')
    await assert.rejects(startLab({ dir, signal: AbortSignal.abort(reason) }), { code: 'interrupted' })
  })
})
