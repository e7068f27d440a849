import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freshPublicKey } from '../lab/api/fixtures.ts'
import type { Body } from '../lab/api/lab.ts'
import { requireProgram } from './foreign.ts'
import { type ForeignLab, foreignLab } from './foreign-lab.ts'

/** The official command line of 2022 as Debian ships it: whatever works for it works for scripts that use it. */
describe("interop: Debian's hcloud on the lab", function () {
  this.timeout(120_000)
  let foreign: ForeignLab
  before(async function () {
    requireProgram(this, 'hcloud', 'apt-get install hcloud-cli')
    foreign = await foreignLab()
  })
  after(() => foreign?.end())

  const hcloud = (...args: string[]) => foreign.run('hcloud', ['--poll-interval', '10ms', ...args])
  async function good(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await hcloud(...args)
    equal(code, 0, `hcloud ${args.join(' ')}\n${stdout}${stderr}`)
    return stdout
  }
  const json = async (...args: string[]): Promise<Body> => JSON.parse(await good(...args, '-o', 'json'))

  it('SSH keys: create, list, describe, label, update, delete', async () => {
    const publicKey = freshPublicKey()
    const path = join(foreign.dir, 'key.pub')
    await writeFile(path, `${publicKey}\n`)
    await good('ssh-key', 'create', '--name', 'me', '--public-key-from-file', path, '--label', 'a=b')
    await good('ssh-key', 'add-label', 'me', 'c=d')
    await good('ssh-key', 'update', 'me', '--name', 'mine')
    const key = await json('ssh-key', 'describe', 'mine')
    deepEqual([key.name, key.public_key, key.labels], ['mine', publicKey, { a: 'b', c: 'd' }])
    const [listed] = await json('ssh-key', 'list', '--selector', 'a=b')
    equal(listed.fingerprint, key.fingerprint)
    equal((await hcloud('ssh-key', 'describe', 'nobody')).code, 1)
  })

  it('volumes: create, label, resize, protect, delete', async () => {
    await good('volume', 'create', '--name', 'data', '--size', '10', '--location', 'fsn1', '--label', 'x=y')
    await good('volume', 'resize', 'data', '--size', '20')
    await good('volume', 'enable-protection', 'data', 'delete')
    const refused = await hcloud('volume', 'delete', 'data')
    match(refused.stderr, /protected/)
    await good('volume', 'disable-protection', 'data', 'delete')
    const volume = await json('volume', 'describe', 'data')
    deepEqual(
      [volume.name, volume.size, volume.location.name, volume.labels, volume.status, volume.protection],
      ['data', 20, 'fsn1', { x: 'y' }, 'available', { delete: false }],
    )
    equal(volume.linux_device, `/dev/disk/by-id/scsi-0HC_Volume_${volume.id}`)
  })

  it('firewalls: create, rules, describe', async () => {
    await good('firewall', 'create', '--name', 'fw')
    await good(
      'firewall',
      'add-rule',
      'fw',
      '--direction',
      'in',
      '--protocol',
      'tcp',
      '--port',
      '22',
      '--source-ips',
      '0.0.0.0/0',
      '--source-ips',
      '::/0',
    )
    await good(
      'firewall',
      'add-rule',
      'fw',
      '--direction',
      'in',
      '--protocol',
      'icmp',
      '--source-ips',
      '10.0.0.0/8',
    )
    const firewall = await json('firewall', 'describe', 'fw')
    equal(firewall.rules.length, 2)
    deepEqual([firewall.rules[0].port, firewall.rules[0].source_ips], ['22', ['0.0.0.0/0', '::/0']])
  })

  it('servers: create with all of it, then every power action', async () => {
    const path = join(foreign.dir, 'user-data')
    await writeFile(path, '#cloud-config\n')
    await good(
      'server',
      'create',
      '--name',
      'web',
      '--type',
      'cx23',
      '--image',
      'ubuntu-24.04',
      '--location',
      'fsn1',
      '--ssh-key',
      'mine',
      '--volume',
      'data',
      '--firewall',
      'fw',
      '--user-data-from-file',
      path,
      '--label',
      'r=w',
    )
    const server = await json('server', 'describe', 'web')
    deepEqual(
      [server.name, server.status, server.server_type.name, server.image.name, server.labels, server.locked],
      ['web', 'running', 'cx23', 'ubuntu-24.04', { r: 'w' }, false],
    )
    match(server.public_net.ipv4.ip, /^127\./)
    equal((await good('server', 'ip', 'web')).trim(), server.public_net.ipv4.ip)
    match((await good('server', 'ip', '-6', 'web')).trim(), /^fd.*::1$/)
    equal((await json('volume', 'describe', 'data')).server, server.id)
    deepEqual(
      server.public_net.firewalls?.map((one: Body) => one.status),
      ['applied'],
    )
    for (const action of ['shutdown', 'poweroff', 'poweron', 'reboot', 'reset', 'reset-password'])
      await good('server', action, 'web')
    equal((await json('server', 'list', '--selector', 'r=w'))[0].status, 'running')
    match(await good('server', 'list'), /web\s+running\s+127\./)
    match(await good('server', 'describe', 'web'), /Primary IPv4|IPv4:/)
  })

  it('servers: protect, rename, label, rebuild, change type, snapshot, rescue, backup, reverse name', async () => {
    await good('server', 'enable-protection', 'web', 'delete', 'rebuild')
    match((await hcloud('server', 'delete', 'web')).stderr, /protected/)
    match((await hcloud('server', 'rebuild', 'web', '--image', 'debian-12')).stderr, /protected/)
    await good('server', 'disable-protection', 'web', 'delete', 'rebuild')
    await good('server', 'update', 'web', '--name', 'www')
    await good('server', 'add-label', 'www', 'k=v')
    await good('server', 'remove-label', 'www', 'r')
    await good('server', 'rebuild', 'www', '--image', 'debian-12')
    match((await hcloud('server', 'change-type', 'www', 'cx33')).stderr, /stopped/)
    await good('server', 'poweroff', 'www')
    await good('server', 'change-type', 'www', 'cx33')
    await good('server', 'create-image', 'www', '--type', 'snapshot', '--description', 'before')
    await good('server', 'enable-rescue', 'www')
    await good('server', 'disable-rescue', 'www')
    await good('server', 'enable-backup', 'www')
    await good('server', 'disable-backup', 'www')
    const before = await json('server', 'describe', 'www')
    await good(
      'server',
      'set-rdns',
      'www',
      '--ip',
      before.public_net.ipv4.ip,
      '--hostname',
      'www.example.com',
    )
    const server = await json('server', 'describe', 'www')
    deepEqual(
      [server.server_type.name, server.image.name, server.labels, server.status, server.primary_disk_size],
      ['cx33', 'debian-12', { k: 'v' }, 'running', 80],
    )
    equal(server.public_net.ipv4.dns_ptr, 'www.example.com')
    const [snapshot] = await json('image', 'list', '--type', 'snapshot')
    deepEqual(
      [snapshot.description, snapshot.status, snapshot.created_from.name],
      ['before', 'available', 'www'],
    )
    await good('image', 'enable-protection', String(snapshot.id), 'delete')
    match((await hcloud('image', 'delete', String(snapshot.id))).stderr, /protected/)
    await good('image', 'disable-protection', String(snapshot.id), 'delete')
    await good(
      'server',
      'create',
      '--name',
      'copy',
      '--type',
      'cx33',
      '--image',
      String(snapshot.id),
      '--location',
      'fsn1',
    )
    await good('server', 'delete', 'copy')
    await good('image', 'delete', String(snapshot.id))
  })

  it('Primary IPs: list, describe, update, unassign, assign, protect', async () => {
    const [ip] = await json('primary-ip', 'list', '--selector', '!none', '-o', 'json').then((all: Body[]) =>
      all.filter(one => one.type === 'ipv4'),
    )
    equal((await hcloud('primary-ip', 'unassign', String(ip.id))).code, 1)
    await good('server', 'poweroff', 'www')
    await good('primary-ip', 'unassign', String(ip.id))
    await good('primary-ip', 'update', String(ip.id), '--name', 'kept', '--auto-delete=false')
    await good('primary-ip', 'enable-protection', 'kept')
    match((await hcloud('primary-ip', 'delete', 'kept')).stderr, /protected/)
    await good('primary-ip', 'disable-protection', 'kept')
    await good('primary-ip', 'assign', 'kept', '--server', 'www')
    const now = await json('primary-ip', 'describe', 'kept')
    deepEqual([now.name, now.auto_delete, now.ip], ['kept', false, ip.ip])
    ok(now.assignee_id > 0)
    match((await hcloud('primary-ip', 'delete', 'kept')).stderr, /must be unassigned/)
    // 1.30 can only name a data center, which the API no longer knows: a clear refusal
    const old = await hcloud(
      'primary-ip',
      'create',
      '--name',
      'x',
      '--type',
      'ipv4',
      '--datacenter',
      'fsn1-dc14',
    )
    match(old.stderr, /location/)
  })

  it('detaches, attaches and deletes everything', async () => {
    await good('server', 'poweron', 'www')
    await good('volume', 'detach', 'data')
    await good('volume', 'attach', 'data', '--server', 'www')
    match((await hcloud('volume', 'delete', 'data')).stderr, /still attached/)
    match((await hcloud('firewall', 'delete', 'fw')).stderr, /still in use/)
    await good('firewall', 'remove-from-resource', 'fw', '--type', 'server', '--server', 'www')
    await good('firewall', 'apply-to-resource', 'fw', '--type', 'label_selector', '--label-selector', 'k=v')
    await good(
      'firewall',
      'remove-from-resource',
      'fw',
      '--type',
      'label_selector',
      '--label-selector',
      'k=v',
    )
    await good('server', 'delete', 'www')
    for (const [kind, name] of [
      ['volume', 'data'],
      ['firewall', 'fw'],
      ['primary-ip', 'kept'],
      ['ssh-key', 'mine'],
    ] as const)
      await good(kind, 'delete', name)
    for (const kind of ['server', 'volume', 'firewall', 'primary-ip', 'ssh-key'])
      deepEqual((await json(kind, 'list')) ?? [], [])
  })

  it('lists what the service sells, and what the lab does not have', async () => {
    equal((await json('location', 'list')).length, 6)
    equal((await json('server-type', 'describe', 'cx23')).cores, 2)
    match(await good('server-type', 'describe', 'cax11'), /Monthly:\t€ 7\.128/)
    equal((await json('image', 'describe', 'ubuntu-24.04')).os_version, '24.04')
    for (const kind of ['network', 'placement-group', 'load-balancer', 'iso', 'floating-ip', 'certificate'])
      deepEqual((await json(kind, 'list')) ?? [], [])
    match((await hcloud('datacenter', 'list')).stderr, /deprecated/)
    match(
      (await hcloud('network', 'create', '--name', 'n', '--ip-range', '10.0.0.0/8')).stderr,
      /unsupported_error/,
    )
  })
})
