import assert from 'node:assert/strict'
import { join } from 'node:path'
import { nodeScript } from '../../src/node/index.ts'
import { assertGolden } from '../fixtures/golden.ts'
import { StandInMachine } from './stand-in-machine.ts'

const manifests = 'var/lib/rancher/k3s/server/manifests'
const script = nodeScript({
  volumeId: 7,
  secrets: [
    {
      file: 'cosmos-20-sealing-keys.yaml',
      kind: 'secret',
      namespace: 'kube-system',
      name: 'sealed-secrets-key',
    },
    { file: 'cosmos-30-repository.yaml', kind: 'secret', namespace: 'argocd', name: 'cosmos-repo' },
  ],
})

describe('cosmos-node', () => {
  let machine: StandInMachine
  beforeEach(() => {
    machine = new StandInMachine()
  })
  afterEach(() => machine.remove())

  const called = (part: string) => machine.calls().filter(call => call.includes(part)).length

  it('reads as a person would write it', () => {
    assertGolden(join(import.meta.dirname, 'golden', 'node.sh'), script)
  })

  it('names its verbs when asked for another', () => {
    const { status, stderr } = machine.run(script, 'dance')
    assert.equal(status, 2)
    assert.match(stderr, /Usage: cosmos-node status\|/)
    assert.equal(machine.run(script).status, 2)
  })

  describe('mount-volume', () => {
    const mount = () => machine.run(script, 'mount-volume')

    it('checks, mounts, grows and makes the directories', () => {
      machine.plugVolume()
      assert.equal(mount().status, 0)
      const order = [
        'blkid',
        'e2fsck -p',
        'mount /data',
        'resize2fs',
        'install -d -m 0700 -o 65532',
        'install -d -m 2775 -o 1000',
      ]
      const places = order.map(part => machine.calls().findIndex(call => call.startsWith(part)))
      assert.ok(!places.includes(-1), machine.calls().join('\n'))
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
      )
      assert.equal(called('mkfs'), 0)
    })

    it('writes the line of fstab once, also beside the one of cloud-init', () => {
      machine.plugVolume()
      mount()
      machine.take('mounted')
      mount()
      assert.equal(machine.read('etc/fstab').trimEnd().split('\n').length, 1)
      assert.match(machine.read('etc/fstab'), /scsi-0HC_Volume_7 \S*\/data ext4 discard,nofail,\S+ 0 0$/m)
      machine.write(
        'etc/fstab',
        `${machine.root}/dev/disk/by-id/scsi-0HC_Volume_7\t/data\text4\tnofail\t0\t0\n`,
      )
      machine.take('mounted')
      mount()
      assert.equal(machine.read('etc/fstab').trimEnd().split('\n').length, 1)
    })

    it('formats a volume on which there is nothing at all', () => {
      machine.plugVolume('\0'.repeat(4096))
      machine.program('blkid', 'exit 2')
      assert.equal(mount().status, 0)
      assert.equal(called('mkfs.ext4 -q'), 1)
    })

    const kept: [string, string, string][] = [
      ['data that is no known file system', 'exit 2', `${'\0'.repeat(4096)}precious`],
      ['another file system', "printf 'DEVNAME=x\\nTYPE=xfs\\n'", ''],
      ['a partition table', "printf 'DEVNAME=x\\nPTTYPE=gpt\\n'", ''],
      [
        'an ext4 inside something else',
        "printf 'DEVNAME=x\\nTYPE=LVM2_member\\nPART_ENTRY_TYPE=ext4\\n'",
        '',
      ],
      ['what blkid cannot decide', 'exit 8', ''],
      ['what blkid cannot read', 'echo half an answer; exit 2', ''],
    ]
    for (const [what, blkid, content] of kept) {
      it(`never formats ${what}`, () => {
        machine.plugVolume(content)
        machine.program('blkid', blkid)
        const { status, stderr } = mount()
        assert.equal(status, 1)
        assert.match(stderr, /It is not formatted\.$/m)
        assert.equal(called('mkfs'), 0)
        assert.equal(called('mount /data'), 0)
      })
    }

    it('mounts after errors that could be repaired, and not after others', () => {
      machine.plugVolume()
      machine.program('e2fsck', 'exit 1')
      assert.equal(mount().status, 0)
      machine.take('mounted')
      machine.program('e2fsck', 'exit 4')
      const { status, stderr } = mount()
      assert.equal(status, 1)
      assert.match(stderr, /has errors \(e2fsck exit code 4\)/)
    })

    it('leaves a mounted volume alone, and refuses another one in its place', () => {
      machine.plugVolume()
      machine.write('mounted', '')
      assert.equal(mount().status, 0)
      assert.equal(called('e2fsck'), 0)
      machine.program('findmnt', 'echo /dev/sdz')
      assert.match(mount().stderr, /Something other than \S+ is mounted at \/data/)
    })

    it('fails without the device', () => {
      assert.match(mount().stderr, /scsi-0HC_Volume_7 is not there/)
    })

    for (const [state, unit] of [
      ['waiting-for-volume', 'cosmos-first-boot.service'],
      ['done', 'k3s.service'],
    ] as const) {
      it(`starts ${unit} when the first boot is ${state}, without waiting for it`, () => {
        machine.plugVolume()
        machine.write('var/lib/cosmos/first-boot.json', `{"state":"${state}","step":"x","exitCode":null}\n`)
        mount()
        assert.equal(called(`systemctl start --no-block ${unit}`), 1)
      })
    }

    it('starts nothing while the first boot is at work, or has failed', () => {
      machine.plugVolume()
      for (const state of ['running', 'failed']) {
        machine.write('var/lib/cosmos/first-boot.json', `{"state":"${state}","step":"x","exitCode":null}\n`)
        mount()
      }
      assert.equal(called('--no-block'), 0)
    })
  })

  describe('close-metadata', () => {
    it('drops what pods send there, in the raw table, once', () => {
      machine.run(script, 'close-metadata')
      assert.equal(called('iptables -w -t raw -I PREROUTING -s 10.42.0.0/16 -d 169.254.169.254 -j DROP'), 1)
      machine.program('iptables', '')
      machine.run(script, 'close-metadata')
      assert.equal(called('-I PREROUTING'), 1)
    })
  })

  describe('shred-secrets', () => {
    const copies = ['user-data.txt', 'user-data.txt.i', 'cloud-config.txt'].map(
      name => `var/lib/cloud/instance/${name}`,
    )
    const files = ['cosmos-20-sealing-keys.yaml', 'cosmos-30-repository.yaml'].map(
      name => `${manifests}/${name}`,
    )
    beforeEach(() => {
      for (const path of [...files, ...copies, `${manifests}/cosmos-60-root.yaml`])
        machine.write(path, 'SECRET')
    })

    it('waits for the Secrets, then takes manifests and the copies of cloud-init away', () => {
      machine.program('k3s', 'n=$(grep -c "^k3s" "$root/calls"); [ "$n" -gt 3 ]')
      assert.equal(machine.run(script, 'shred-secrets').status, 0)
      assert.equal(called('sleep 2'), 3)
      assert.deepEqual(
        [...files, ...copies].filter(path => machine.has(path)),
        [],
      )
      assert.ok(machine.has(`${manifests}/cosmos-60-root.yaml`))
    })

    it('keeps the manifests and fails when K3s does not make a Secret', () => {
      machine.program('k3s', 'exit 1')
      const { status, stderr } = machine.run(script, 'shred-secrets')
      assert.equal(status, 1)
      assert.match(stderr, /K3s has not made secret kube-system\/sealed-secrets-key/)
      assert.ok(files.every(path => machine.has(path)))
    })

    it('has nothing to wait for the second time', () => {
      machine.run(script, 'shred-secrets')
      machine.program('k3s', 'exit 1')
      assert.equal(machine.run(script, 'shred-secrets').status, 0)
    })
  })

  it('says its status in JSON', () => {
    machine.plugVolume()
    machine.write('mounted', '')
    machine.write('var/lib/cosmos/first-boot.json', '{"state":"done","step":"Done","exitCode":0}\n')
    machine.write(`${manifests}/cosmos-30-repository.yaml`, 'SECRET')
    assert.deepEqual(JSON.parse(machine.run(script, 'status').stdout), {
      version: 1,
      firstBoot: { state: 'done', step: 'Done', exitCode: 0 },
      volume: { id: 7, attached: true, mounted: true },
      k3s: { installed: false, active: false },
      secretsOnDisk: true,
    })
  })
})
