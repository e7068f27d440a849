import assert from 'node:assert/strict'
import { userDataOf } from '../../src/flows/user-data.ts'
import {
  clusterProbe,
  type FirstBoot,
  firstBootProbe,
  isReleased,
  parseClusterProbe,
  parseFirstBootProbe,
  releaseScript,
} from '../../src/node/index.ts'
import { config } from '../fixtures/cloud.ts'
import { vault } from '../fixtures/vault.ts'
import { hostKey, type TestLab, testLab } from '../lab/machines/sim/lab.ts'

describe('the whole user data on a simulated machine', function () {
  this.timeout(60_000)
  let lab: TestLab
  beforeEach(() => {
    lab = testLab()
  })
  afterEach(() => lab.end())

  const boot = (options: { volume?: boolean } = {}) => {
    const sshHostKey = { privateKey: hostKey.private, publicKey: hostKey.public }
    const settings = config({ domain: 'example.com', acme: { email: 'ops@example.com' } })
    const made = userDataOf(settings, vault({ sshHostKey }), { volumeId: 7, address: lab.address })
    return lab.boot(made.encoded, options)
  }

  /** Probes until it is so; a first boot that failed, or took ten times too long, fails the test. */
  async function until(isSo: (seen: FirstBoot) => boolean): Promise<FirstBoot> {
    const deadline = Date.now() + 30_000
    for (;;) {
      const seen = parseFirstBootProbe((await lab.ssh(firstBootProbe(0))).out)
      if (isSo(seen)) return seen
      assert.notEqual(seen.state, 'failed', `${seen.step}: ${seen.lastLines.join('\n')}`)
      assert.ok(Date.now() < deadline, `still ${seen.state}: ${seen.step}`)
    }
  }
  const isDone = (seen: FirstBoot) => seen.state === 'done'
  const isMounted = async () => (await lab.ssh('mountpoint -q /data')).code === 0

  async function untilSynced(): Promise<void> {
    const deadline = Date.now() + 30_000
    for (;;) {
      const { node, argocd, root } = parseClusterProbe((await lab.ssh(clusterProbe('acme'))).out)
      if (node.ready && argocd.healthy && root.sync === 'Synced') return
      assert.ok(Date.now() < deadline, JSON.stringify({ node, argocd, root }))
    }
  }

  it('comes up, and leaves no secret on the disk', async () => {
    await boot()
    const { log } = await until(isDone)
    assert.match(log, /^== Start K3s$/m)
    await untilSynced()
    assert.equal(JSON.parse((await lab.ssh('cosmos-node status')).out).secretsOnDisk, false)
    const { out } = await lab.ssh(
      'grep -rl SECRET /var/lib/rancher/k3s/server/manifests /var/lib/cloud /var/log',
    )
    assert.equal(out, '')
  })

  it('waits for a volume that is late, and goes on by itself', async () => {
    await boot({ volume: false })
    await until(seen => seen.state === 'waiting-for-volume')
    assert.equal((await lab.ssh('systemctl is-active k3s')).out, 'inactive\n')
    await lab.machines.attachVolume(1, 7)
    await until(isDone)
    assert.ok(await isMounted())
    await untilSynced()
  })

  // Slow enough for SSH to answer before the step has passed.
  for (const [step, speed] of [
    ['Install K3s', 5],
    ['Shred secrets', 15],
  ] as const) {
    it(`goes on after a power cut in the step "${step}"`, async () => {
      lab.clock.setSpeed(speed)
      await boot()
      await lab.ssh(
        `timeout 120 sh -c "until grep '${step}' /var/lib/cosmos/first-boot.json; do sleep 0.1; done"`,
      )
      await lab.machines.reset(1)
      lab.clock.setSpeed(200)
      await until(isDone)
      await untilSynced()
    })
  }

  it('comes back after a restart, without another first boot', async () => {
    await boot()
    await until(isDone)
    const before = (await lab.ssh('cat /var/lib/cosmos/first-boot.json')).out
    await lab.machines.reset(1)
    await lab.until('systemctl is-active k3s')
    assert.ok(await isMounted())
    assert.equal((await lab.ssh('cat /var/lib/cosmos/first-boot.json')).out, before)
  })

  it('takes a volume back that was released', async () => {
    await boot()
    await until(isDone)
    await untilSynced()
    const { out } = await lab.ssh('bash -s', {
      stdin: releaseScript({ node: 'acme', volumeId: 7, drainSeconds: 180 }),
    })
    assert.ok(isReleased(out), out)
    assert.equal(await lab.machines.detachVolume(1, 7), false)
    await lab.machines.attachVolume(1, 7)
    await lab.until('systemctl is-active k3s')
    assert.equal((await lab.machines.inspectVolume(7)).damage.length, 0)
  })
})
