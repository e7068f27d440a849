import { deepEqual, equal, throws } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/lab/store/index.ts'

const key = (id: number) => ({
  id,
  name: `k${id}`,
  createdAt: 1,
  fingerprint: `f${id}`,
  publicKey: '',
  labels: {},
})

describe('lab: the store on disk', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lab-store-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('has every change after a start without an end', () => {
    const store = openStore(dir)
    store.put('sshKeys', key(1))
    store.put('sshKeys', key(2))
    store.remove('sshKeys', 1)
    equal(store.nextId('volumes'), 104_000_001)
    const again = openStore(dir)
    deepEqual(again.all('sshKeys'), [key(2)])
    equal(again.nextId('volumes'), 104_000_002)
    again.close()
    deepEqual(openStore(dir).all('sshKeys'), [key(2)])
    equal(statSync(join(dir, 'cloud.json')).mode & 0o777, 0o600)
  })

  it('leaves out a last line that was cut off', () => {
    openStore(dir).put('sshKeys', key(1))
    appendFileSync(join(dir, 'cloud.journal'), '["sshKeys",2,{"id":2,"na')
    const again = openStore(dir)
    deepEqual(again.all('sshKeys'), [key(1)])
    again.put('sshKeys', key(3))
    deepEqual(openStore(dir).all('sshKeys'), [key(1), key(3)])
  })

  it('says what to do about a picture that is no JSON', () => {
    openStore(dir).close()
    writeFileSync(join(dir, 'cloud.json'), '{"servers":[')
    throws(() => openStore(dir), { code: 'lab-store-broken', hint: /lab reset/ })
  })

  it('can be read after SIGKILL in the middle of writing, with all that was confirmed', async () => {
    const code = `
      import { openStore } from ${JSON.stringify(new URL('../../src/lab/store/index.ts', import.meta.url).href)}
      const store = openStore(${JSON.stringify(dir)})
      for (let id = 1; ; id++) {
        store.put('sshKeys', { id, name: 'x'.repeat(2000), createdAt: 1, fingerprint: '', publicKey: '', labels: {} })
        if (id % 50 === 0) { process.stdout.write(id + '\\n'); await new Promise(r => setImmediate(r)) }
      }`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let confirmed = 0
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      confirmed = Number(text.trim().split('\n').at(-1))
      if (confirmed >= 6000) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const count = openStore(dir).count('sshKeys')
    equal(count >= confirmed, true, `${count} of ${confirmed}`)
    JSON.parse(readFileSync(join(dir, 'cloud.json'), 'utf8'))
  })
})
