import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'yaml'
import { userDataLimit } from '../../src/cloudinit/index.ts'
import { userDataOf } from '../../src/flows/user-data.ts'
import { config } from '../fixtures/cloud.ts'
import { assertGolden } from '../fixtures/golden.ts'
import { vault } from '../fixtures/vault.ts'

const machine = { volumeId: 100000001, address: '203.0.113.7' }
const whole = config({ domain: 'example.com', acme: { email: 'ops@example.com' } })
const made = () => userDataOf(whole, vault(), machine)

type CloudConfig = {
  ssh_keys: Record<string, string>
  mounts: string[][]
  runcmd: string[][]
  write_files: { path: string; content: string; permissions: string }[]
}
const cloudConfig = (text = made().text) => parse(text) as CloudConfig
const file = (path: string, text?: string) =>
  cloudConfig(text).write_files.find(each => each.path === path)?.content ?? ''

describe('user data', () => {
  it('reads as a person would write it', () => {
    assertGolden(join(import.meta.dirname, 'golden', 'user-data.yaml'), made().text)
  })

  it('begins with the header that cloud-init goes by', () => {
    assert.ok(made().text.startsWith('#cloud-config\n'))
  })

  it('is the same for the same input, and says so by its fingerprint', () => {
    assert.equal(made().fingerprint, made().fingerprint)
    assert.match(made().fingerprint, /^[0-9a-f]{16}$/)
    assert.notEqual(made().fingerprint, userDataOf(whole, vault(), { ...machine, volumeId: 2 }).fingerprint)
  })

  it('mounts the volume by its id, on a machine that boots without it, too', () => {
    const [[device, target, kind, options = ''] = []] = cloudConfig().mounts
    assert.equal(device, '/dev/disk/by-id/scsi-0HC_Volume_100000001')
    assert.equal(target, '/data')
    assert.equal(kind, 'ext4')
    assert.ok(options.split(',').includes('nofail'))
  })

  it('lets K3s start only on the mounted volume', () => {
    const dropIn = file('/etc/systemd/system/k3s.service.d/10-cosmos-data.conf')
    assert.match(dropIn, /^RequiresMountsFor=\/data$/m)
    assert.match(dropIn, /^AssertPathIsMountPoint=\/data$/m)
  })

  it('fixes the node name and names the address in the certificate', () => {
    const k3s = parse(file('/etc/rancher/k3s/config.yaml')) as Record<string, unknown>
    assert.equal(k3s['node-name'], 'acme')
    assert.deepEqual(k3s['tls-san'], ['203.0.113.7', 'example.com'])
    assert.equal(k3s['write-kubeconfig-mode'], '0600')
  })

  it('prepares the volume in this order: look, check, mount, directories with their owners', () => {
    const script = file('/usr/local/sbin/cosmos-node')
    assert.match(script, /\n {2}mount_data\n {2}make_directories\n/)
    assert.match(script, /\n {2}format_if_blank\n {2}check_file_system\n(.*\n){2} {2}mount \/data\n/)
    assert.match(script, /-m 2775 -o 1000 -g 2000 \/data\/prometheus \/data\/prometheus\/prometheus-db$/m)
    assert.match(
      script,
      /-m 2775 -o 1000 -g 2000 \/data\/alertmanager \/data\/alertmanager\/alertmanager-db$/m,
    )
    assert.match(script, /-m 0700 -o 65532 -g 65532 \/data\/traefik$/m)
  })

  it('writes nothing below /data, which would be hidden by the mount', () => {
    assert.deepEqual(
      cloudConfig().write_files.filter(each => each.path.startsWith('/data')),
      [],
    )
  })

  it('closes the metadata service to pods before K3s starts', () => {
    const unit = file('/etc/systemd/system/cosmos-metadata-block.service')
    assert.match(unit, /^Before=k3s\.service$/m)
    assert.match(unit, /^RequiredBy=k3s\.service$/m)
    assert.match(unit, /^ExecStart=\/usr\/local\/sbin\/cosmos-node close-metadata$/m)
    assert.match(
      file('/usr/local/sbin/cosmos-node'),
      /iptables -w -t raw -I PREROUTING -s 10\.42\.0\.0\/16 -d 169\.254\.169\.254 -j DROP/,
    )
  })

  it('gives pods time to end when the power goes', () => {
    assert.match(
      file('/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/90-cosmos-shutdown.conf'),
      /shutdownGracePeriod: 90s/,
    )
    assert.match(file('/etc/systemd/logind.conf.d/zz-cosmos.conf'), /InhibitDelayMaxSec=120/)
  })

  it('mounts a volume that arrives late, and no other volume', () => {
    const rule = file('/etc/udev/rules.d/90-cosmos-volume.rules')
    assert.match(rule, /SYSTEMD_WANTS\}\+="cosmos-volume\.service"/)
    assert.match(rule, /ENV\{ID_SERIAL\}=="0HC_Volume_100000001"/)
    const unit = file('/etc/systemd/system/cosmos-volume.service')
    assert.match(unit, /^ExecStart=\/usr\/local\/sbin\/cosmos-node mount-volume$/m)
    assert.match(unit, /^After=data\.mount$/m)
  })

  it('ends with the first boot, because cloud-init reports only the last failure of a list', () => {
    assert.deepEqual(cloudConfig().runcmd.at(-1), ['systemctl', 'start', 'cosmos-first-boot.service'])
  })

  it('keeps secrets readable by root only, and shreds the manifests that hold them', () => {
    for (const { path, content, permissions } of cloudConfig().write_files) {
      if (/SECRET|tls\.key/.test(content)) assert.equal(permissions, '0600', path)
    }
    const script = file('/usr/local/sbin/cosmos-node')
    const folder = '/var/lib/rancher/k3s/server/manifests'
    assert.ok(
      script.includes(
        `wait_for ${folder}/cosmos-20-sealing-keys.yaml secret kube-system sealed-secrets-key\n`,
      ),
    )
    assert.ok(script.includes(`wait_for ${folder}/cosmos-30-repository.yaml secret argocd cosmos-repo\n`))
  })

  it('is valid bash where it is bash', () => {
    for (const path of ['/usr/local/sbin/cosmos-first-boot', '/usr/local/sbin/cosmos-node']) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: file(path), encoding: 'utf8' })
      assert.equal(status, 0, stderr)
    }
  })

  it('presets the host key and moves sshd only when asked', () => {
    assert.match(cloudConfig().ssh_keys.ed25519_private ?? '', /SECRET-host/)
    assert.doesNotMatch(file('/etc/ssh/sshd_config.d/00-cosmos.conf'), /Port/)
    const moved = userDataOf(config({ ssh: { ...whole.ssh, port: 2222 } }), vault(), machine).text
    assert.match(file('/etc/ssh/sshd_config.d/00-cosmos.conf', moved), /^Port 2222$/m)
    assert.match(JSON.stringify(cloudConfig(moved).runcmd[1]), /restart ssh\.socket/)
  })

  it('masks every secret and keeps what is public', () => {
    const { text } = userDataOf(whole, vault(), machine, { maskSecrets: true })
    assert.doesNotMatch(text, /SECRET/)
    assert.doesNotMatch(text, new RegExp(Buffer.from('SECRET-new').toString('base64').slice(0, 8)))
    assert.match(text, /<secret>/)
    assert.match(text, /ssh-ed25519/)
  })

  it('is packed when it would not fit, in a form the datasource unpacks', () => {
    const keys = Array.from({ length: 12 }, (_, index) => ({
      certificate: `cert ${'a'.repeat(1500)}${index}`,
      privateKey: 'b'.repeat(2500),
    }))
    const packed = userDataOf(whole, vault({ sealing: { keys } }), machine)
    assert.ok(packed.text.length > userDataLimit)
    assert.ok(packed.bytes <= userDataLimit)
    assert.equal(gunzipSync(Buffer.from(packed.encoded, 'base64')).toString(), packed.text)
  })

  it('leaves a third of the room with two sealing keys of true size', () => {
    const noise = (seed: string, bytes: number) => {
      const rounds = Array.from({ length: bytes / 64 + 1 }, (_, i) =>
        createHash('sha512')
          .update(seed + i)
          .digest(),
      )
      return Buffer.concat(rounds)
        .subarray(0, bytes)
        .toString('base64')
        .replace(/(.{64})/g, '$1\n')
    }
    // RSA 4096: 1,300 bytes of certificate and 2,375 of PKCS #8, both as PEM.
    const keys = ['a', 'b'].map(seed => ({
      certificate: noise(seed, 1300),
      privateKey: noise(`${seed}key`, 2375),
    }))
    const { bytes } = userDataOf(whole, vault({ sealing: { keys } }), machine)
    assert.ok(bytes < 22_000, `${bytes} bytes as sent`)
  })

  it('is refused when even packed it does not fit, naming the biggest parts', () => {
    const noise = (seed: number) =>
      Array.from({ length: 3000 }, (_, index) => Math.imul(seed * 3000 + index, 2654435761) >>> 0).join('')
    const keys = Array.from({ length: 6 }, (_, index) => ({ certificate: 'c', privateKey: noise(index + 1) }))
    assert.throws(
      () => userDataOf(whole, vault({ sealing: { keys } }), machine),
      (error: { code: string; details: string[]; message: string }) => {
        assert.equal(error.code, 'user-data-too-large')
        assert.match(error.message, /32768/)
        assert.match(error.details[1] ?? '', /cosmos-20-sealing-keys\.yaml/)
        return true
      },
    )
  })
})
