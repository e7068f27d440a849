import assert from 'node:assert/strict'
import { releaseScript, restoreScript, wasReleasedBy } from '../../src/node/index.ts'
import { type TestLab, testLab } from '../lab/machines/sim/lab.ts'

const cloudConfig = `#cloud-config
mounts: [[/dev/disk/by-id/scsi-0HC_Volume_7, /data, ext4, "discard,nofail", "0", "0"]]
write_files:
- {path: /etc/rancher/k3s/config.yaml, content: "node-name: demo\\n"}
runcmd:
- curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.37.1+k3s1 sh -
`
const running = 'k3s kubectl -n lab-ledger get pod ledger-0 -o jsonpath={.status.phase} | grep -qx Running'
const release = releaseScript({ node: 'demo', volumeId: 7, drainSeconds: 180, swap: 'run-1' })

describe('the release script on a machine of the lab', function () {
  this.timeout(30_000)
  let lab: TestLab
  before(async () => {
    lab = testLab()
    await lab.boot(cloudConfig)
    await lab.until(running)
  })
  after(() => lab.end())

  it('names who holds the volume, and leaves it mounted', async () => {
    void lab.ssh('cd /data && sleep 100000').catch(() => undefined)
    await lab.until("ls -l /proc/[0-9]*/cwd | grep -q ' -> /data'")
    const { code, out } = await lab.ssh('bash -s', { stdin: release, timeoutMs: 20_000 })
    assert.equal(code, 1, out)
    assert.match(out, /Process \d+ \(\w+\) has \/data open, in mount namespace mnt:\[\d+\]/)
    assert.match(out, /step Unmount \/data: still in use, try 30 of 30/)
    assert.equal((await lab.ssh('mountpoint -q /data')).code, 0)
  })

  it('is taken back by the restore script', async () => {
    const { code, out } = await lab.ssh('bash -s', { stdin: restoreScript('demo'), timeoutMs: 20_000 })
    assert.equal(code, 0, out)
    assert.match(out, /restored\n$/)
    await lab.until(running)
    assert.equal((await lab.ssh(wasReleasedBy('run-1'))).out, 'no\n')
  })

  it('counts the pods that are left, and ends with proof', async () => {
    await lab.ssh(
      "pkill sleep || kill $(grep -l sleep /proc/[0-9]*/comm | sed -e 's|/proc/||' -e 's|/comm||')",
    )
    const { code, out } = await lab.ssh('bash -s', { stdin: release, timeoutMs: 20_000 })
    assert.equal(code, 0, out)
    assert.match(out, /step Drain the node: \d+ pods left\n/)
    assert.match(out, /step Drain the node: all pods have ended\nstep Stop K3s\n/)
    assert.match(out, /released\n$/)
    assert.equal((await lab.ssh(wasReleasedBy('run-1'))).out, 'yes\n')
    assert.equal((await lab.ssh(wasReleasedBy('run-2'))).out, 'no\n')
    assert.equal(await lab.machines.detachVolume(1, 7), false)
    assert.equal((await lab.machines.inspectVolume(7)).state, 'intact')
  })
})
