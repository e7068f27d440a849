import assert from 'node:assert/strict'
import { releaseScript } from '../../../../src/node/index.ts'
import { type TestLab, testLab } from './lab.ts'

const files = [
  '- {path: /etc/rancher/k3s/config.yaml, content: "node-name: demo\\n"}',
  '- {path: /etc/systemd/system/k3s.service.d/10-data.conf, content: "[Unit]\\nRequiresMountsFor=/data\\nAssertPathIsMountPoint=/data\\n"}',
]
const cloudConfig = `#cloud-config
mounts: [[/dev/disk/by-id/scsi-0HC_Volume_7, /data, ext4, "discard,nofail,x-systemd.device-timeout=20s", "0", "0"]]
write_files:
${files.join('\n')}
runcmd:
- curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.37.1+k3s1 sh -
`
const running = 'k3s kubectl -n lab-ledger get pod ledger-0 -o jsonpath={.status.phase} | grep -qx Running'

describe('a volume with a ledger on it', () => {
  let lab: TestLab
  beforeEach(() => {
    lab = testLab()
  })
  afterEach(() => lab.end())

  const report = () => lab.machines.inspectVolume(7)
  const busy = async () => {
    await lab.boot(cloudConfig)
    await lab.until(running)
    await lab.clock.sleep(30_000)
  }

  it('is blank before and intact while a workload writes', async () => {
    await lab.machines.createVolume({ id: 8, sizeGb: 10, format: null })
    assert.equal((await lab.machines.inspectVolume(8)).state, 'blank')
    await busy()
    const { state, mountedBy, entries } = await report()
    assert.deepEqual([state, mountedBy], ['intact', 1])
    assert(entries >= 3)
    assert.match((await lab.ssh('tail -n 1 /data/ledger/ledger.log')).out, /^\d+ \S+Z [0-9a-f]{16}\n$/)
  })

  it('is let go by the release script, with proof, and stays intact', async () => {
    await busy()
    const answer = await lab.ssh('bash -s', {
      stdin: releaseScript({ node: 'demo', volumeId: 7, drainSeconds: 180 }),
    })
    assert.equal(answer.code, 0, answer.out + answer.err)
    assert.match(answer.out, /released\n$/)
    assert.equal(await lab.machines.detachVolume(1, 7), false)
    const { state, damage, mountedBy } = await report()
    assert.deepEqual([state, damage, mountedBy], ['intact', [], null])
  })

  it('is torn for good by a detach while mounted', async () => {
    await busy()
    assert.equal(await lab.machines.detachVolume(1, 7), true)
    const { state, damage } = await report()
    assert.equal(state, 'torn')
    assert.match(
      damage[0] ?? '',
      /detached from server 1 while mounted at .*, while entry \d+ was being written/,
    )
    assert.notEqual((await lab.ssh('touch /data/x')).code, 0)
    await lab.machines.powerOff(1)
    await lab.machines.attachVolume(1, 7)
    await lab.machines.start(1)
    await lab.until(running)
    assert.equal((await report()).state, 'torn')
  })

  it('is torn by a power cut while written, not by one after the workload has stopped', async () => {
    await busy()
    await lab.ssh('k3s kubectl drain demo --ignore-daemonsets --force --delete-emptydir-data')
    await lab.machines.powerOff(1)
    assert.equal((await report()).state, 'intact')
    await lab.machines.start(1)
    await lab.until('k3s kubectl uncordon demo')
    await lab.until(running)
    await lab.machines.powerOff(1)
    assert.match((await report()).damage.join(), /power of server 1 cut/)
  })

  it('is intact after an orderly shutdown', async () => {
    await busy()
    const off = new Promise<number>(resolve => lab.machines.onPowerOff(resolve))
    await lab.machines.askShutdown(1)
    await off
    assert.equal((await report()).state, 'intact')
    assert.equal((await report()).mountedBy, null)
  })

  it('stays busy when only k3s is stopped, and a lazy unmount is no release', async () => {
    await busy()
    const busyAnswer = await lab.ssh('systemctl stop k3s; systemctl is-active k3s; umount /data')
    assert.deepEqual(
      [busyAnswer.out, busyAnswer.err, busyAnswer.code],
      ['inactive\n', 'umount: /data: target is busy.\n', 32],
    )
    const lazy = await lab.ssh(
      'umount -l /data; echo $?; mountpoint -q /data; echo $?; dumpe2fs -h /dev/sdb 2>/dev/null | grep -c needs_recovery',
    )
    assert.equal(lazy.out, '0\n32\n1\n')
    assert.match((await lab.ssh("grep -l ' /data' /proc/[0-9]*/mountinfo")).out, /^\/proc\/\d+\/mountinfo\n$/)
    const { out } = await lab.ssh(
      'k3s-killall.sh; sleep 1; dumpe2fs -h /dev/sdb 2>/dev/null | grep -c needs_recovery',
    )
    assert.equal(out, '0\n')
    assert.equal(await lab.machines.detachVolume(1, 7), false)
    assert.equal((await report()).state, 'intact')
  })

  it('grows only when resize2fs is told', async () => {
    await lab.boot(cloudConfig)
    await lab.until('mountpoint -q /data')
    await lab.machines.resizeVolume(7, 20)
    const { out } = await lab.ssh(
      'df -B1G --output=size /data | tail -n 1; resize2fs /dev/sdb >/dev/null 2>&1; df -B1G --output=size /data | tail -n 1',
    )
    assert.equal(out, '10\n20\n')
  })

  it('keeps K3s from starting on the bare system disk', async () => {
    await lab.boot(cloudConfig, { volume: false })
    await lab.ssh('cloud-init status --wait')
    const { err, code } = await lab.ssh('systemctl start k3s')
    assert.equal(code, 1)
    assert.match(err, /dependency job for k3s.service failed/)
    await lab.ssh("sed -i '/Volume_7/d' /etc/fstab; systemctl daemon-reload")
    assert.match((await lab.ssh('systemctl start k3s')).err, /Assertion failed on job for k3s.service/)
  })

  it('goes on after the lab was put away, and boots again after the lab was killed', async () => {
    await busy()
    const before = (await report()).entries
    await lab.machines.suspend()
    await lab.reopen().resume()
    assert.equal(lab.machines.isOn(1), true)
    await lab.until('k3s kubectl get nodes && mountpoint -q /data')
    await lab.clock.sleep(60_000)
    assert((await report()).entries > before)
    assert.equal((await report()).state, 'intact')
    await lab.ssh('echo kept > /root/kept; sync')
    const killed = lab.machines
    lab.address = lab.address.replace(/\d+$/, '251')
    const again = lab.reopen()
    await again.resume()
    await again.setAddresses(1, { ipv4: lab.address, ipv6: null })
    assert.equal((await lab.until('cat /root/kept')).out, 'kept\n')
    await lab.until(running)
    assert.equal((await report()).state, 'intact')
    await killed.suspend()
  })

  it('tells K3s of a snapshot and a rebuilt disk nothing', async () => {
    await lab.boot('#cloud-config\nruncmd: ["echo one > /root/one"]\n')
    await lab.ssh('cloud-init status --wait')
    const handle = await lab.machines.snapshot(1)
    await lab.machines.rebuild(1, 'debian-12', '#cloud-config\nruncmd: ["echo two > /root/two"]\n')
    await lab.machines.start(1)
    assert.equal(
      (await lab.ssh('cloud-init status --wait >/dev/null; ls /root; . /etc/os-release; echo $ID')).out,
      'two\ndebian\n',
    )
    await lab.machines.create({
      id: 2,
      name: 'copy',
      image: 'ubuntu-24.04',
      architecture: 'x86',
      cores: 2,
      memoryGb: 4,
      userData: null,
      publicKeys: [],
      snapshot: handle,
    })
    await lab.machines.deleteSnapshot(handle)
    await lab.machines.destroy(2)
  })
})
