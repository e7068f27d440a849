import assert from 'node:assert/strict'
import { join } from 'node:path'
import { firstBootScript, parseFirstBootProbe } from '../../src/node/index.ts'
import { assertGolden } from '../fixtures/golden.ts'
import { StandInMachine } from './stand-in-machine.ts'

const script = firstBootScript({ config: { k3s: { version: 'v1.37.1+k3s1' } }, volumeId: 7 })

describe('first boot', () => {
  let machine: StandInMachine
  beforeEach(() => {
    machine = new StandInMachine()
    machine.write('var/lib/cosmos/first-boot.unfinished', '')
  })
  afterEach(() => machine.remove())

  const called = (part: string) => machine.calls().filter(call => call.includes(part)).length

  it('reads as a person would write it', () => {
    assertGolden(join(import.meta.dirname, 'golden', 'first-boot.sh'), script)
  })

  it('mounts, installs, starts and shreds, in this order', () => {
    machine.plugVolume()
    const { status } = machine.run(script)
    assert.equal(status, 0, machine.read('var/log/cosmos-first-boot.log'))
    const order = [
      'start cosmos-volume',
      'start cosmos-metadata-block',
      'restart systemd-logind',
      'sh /var',
      'start k3s',
      'shred-secrets',
    ]
    const places = order.map(part => machine.calls().findIndex(call => call.includes(part)))
    assert.ok(!places.includes(-1), machine.calls().join('\n'))
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    )
    assert.equal(machine.report().state, 'done')
    assert.equal(machine.has('var/lib/cosmos/first-boot.unfinished'), false)
  })

  it('starts K3s only on the mounted volume, and waits for one that is not there', () => {
    const { status } = machine.run(script)
    assert.equal(status, 0)
    assert.equal(machine.report().state, 'waiting-for-volume')
    assert.equal(called('start k3s'), 0)
    assert.equal(called('sh /var/lib/cosmos/install-k3s.sh'), 1)
    assert.ok(machine.has('var/lib/cosmos/first-boot.unfinished'))
    assert.match(
      machine.read('var/log/cosmos-first-boot.log'),
      /Waiting up to 60 seconds for \S*scsi-0HC_Volume_7/,
    )
  })

  it('goes on when the volume has arrived, without installing again', () => {
    machine.run(script)
    machine.plugVolume()
    assert.equal(machine.run(script).status, 0)
    assert.equal(machine.report().state, 'done')
    assert.equal(called('sh /var/lib/cosmos/install-k3s.sh'), 1)
    assert.equal(called('start k3s'), 1)
  })

  it('may run again when it is through', () => {
    machine.plugVolume()
    machine.run(script)
    assert.equal(machine.run(script).status, 0)
    assert.equal(machine.report().state, 'done')
    assert.equal(called('curl'), 1)
  })

  it('does not believe a mount that did not happen', () => {
    machine.plugVolume()
    machine.write('no-mount', '')
    assert.notEqual(machine.run(script).status, 0)
    assert.equal(machine.report().step, 'Mount the volume')
    assert.equal(called('start k3s'), 0)
  })

  it('reports step, exit code and last lines of a failure, whatever is in them', () => {
    machine.plugVolume()
    machine.program('systemctl', `[ "$2" != cosmos-metadata-block.service ] || exit 6; touch "$root/mounted"`)
    machine.program('journalctl', `printf 'it said "no\\\\way"\\ttwice\\033[0m\\n'`)
    assert.equal(machine.run(script).status, 6)
    const { state, step, exitCode, lastLines } = machine.report()
    assert.deepEqual([state, step, exitCode], ['failed', 'Close the metadata service to pods', 6])
    assert.ok(lastLines.includes('it said "no\\way" twice[0m'), lastLines.join('\n'))
    assert.ok(machine.has('var/lib/cosmos/first-boot.unfinished'), 'or the next start would not go on')
  })

  it('gives a report that the probe reads', () => {
    machine.plugVolume()
    machine.run(script)
    const report = machine.read('var/lib/cosmos/first-boot.json')
    assert.equal(parseFirstBootProbe(`\u001ereport\n${report}`).state, 'done')
  })

  it('tries the download again, and gives up after five times', () => {
    machine.plugVolume()
    machine.program('curl', 'exit 22')
    assert.equal(machine.run(script).status, 22)
    assert.equal(called('curl'), 5)
    assert.equal(machine.report().step, 'Install K3s')
  })

  it('keeps K3s on the volume, and takes it from there on the next machine', () => {
    machine.plugVolume()
    machine.run(script)
    assert.ok(machine.has('data/cache/k3s/v1.37.1+k3s1-x86_64/k3s'))
    for (const path of ['usr/local/bin/k3s', 'etc/systemd/system/k3s.service']) machine.take(path)
    assert.equal(machine.run(script).status, 0)
    assert.equal(called('curl'), 1)
    assert.match(machine.read('var/log/cosmos-first-boot.log'), /comes from the volume/)
  })

  it('does not use a kept K3s that is damaged, or made for another processor', () => {
    machine.plugVolume()
    machine.run(script)
    for (const damage of [
      () => machine.write('data/cache/k3s/v1.37.1+k3s1-x86_64/k3s', 'torn'),
      () => machine.program('uname', 'echo aarch64'),
    ]) {
      const before = called('curl')
      damage()
      for (const path of ['usr/local/bin/k3s', 'etc/systemd/system/k3s.service']) machine.take(path)
      assert.equal(machine.run(script).status, 0)
      assert.equal(called('curl'), before + 1)
    }
  })

  it('says that it was stopped', () => {
    machine.plugVolume()
    machine.program('curl', 'kill -TERM $PPID; exit 1')
    assert.notEqual(machine.run(script).status, 0)
    assert.equal(machine.report().state, 'failed')
  })
})
