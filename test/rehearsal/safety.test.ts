import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKeyPair } from '../../src/ssh/index.ts'
import { CuttingProxy } from './proxy.ts'
import { Stage } from './stage.ts'

/** A real project beside a lab that stands for Hetzner. */
class Company extends Stage {
  readonly proxy = new CuttingProxy(() => this.lab)

  async found(): Promise<void> {
    await this.startLab()
    const endpoint = await this.proxy.open()
    this.env = {
      HCLOUD_ENDPOINT: endpoint,
      HCLOUD_TOKEN: this.lab.token,
      COSMOS_PASSPHRASE: 'correct horse battery staple',
      COSMOS_POLL_INTERVAL: '25',
    }
    const repository = 'https://github.com/acme/company.git'
    const key = join(this.dir, 'id')
    await this.ok('init', '--yes', '--name', 'acme', '--repository', repository, '--ssh-key', key)
    this.edit(text => text.replace('port: 22\n', 'port: 2222\n'))
  }

  edit(change: (text: string) => string): void {
    const path = join(this.dir, 'cosmos.yaml')
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }

  async settled(action: number): Promise<void> {
    while ((await this.api('GET', `/actions/${action}`)).action.status === 'running')
      await new Promise(resolve => setImmediate(resolve))
  }

  override get state() {
    return JSON.parse(readFileSync(join(this.dir, '.cosmos', 'state.json'), 'utf8'))
  }
}

const isOurs = ({ labels }: { labels: Record<string, string> }) => labels['cosmos.dev/cluster'] === 'acme'

describe('what is not ours, and what must stay', function () {
  this.timeout(120_000)
  const company = new Company()
  before(() => company.found())
  after(async () => {
    await company.close()
    company.proxy.close()
  })

  it('uses the same SSH key that is there under another name, and never touches it', async () => {
    const public_key = readFileSync(join(company.dir, 'id.pub'), 'utf8')
    await company.api('POST', '/ssh_keys', { name: 'laptop', public_key })
    await company.ok('up', '--yes')
    await company.ok('down', '--yes')
    const { ssh_keys } = await company.api('GET', '/ssh_keys')
    assert.deepEqual(
      ssh_keys.map(({ name, labels }: { name: string; labels: object }) => ({ name, labels })),
      [{ name: 'laptop', labels: {} }],
    )
  })

  it('gives the next server the key of cosmos.yaml, not the one it knew', async () => {
    const pair = generateKeyPair('other')
    writeFileSync(join(company.dir, 'other'), pair.privateKey, { mode: 0o600 })
    company.edit(text =>
      text
        .replace(/publicKey: .*/, `publicKey: ${pair.publicKey}`)
        .replace(/privateKey: .*/, `privateKey: ${join(company.dir, 'other')}`),
    )
    assert.match((await company.cosmos('up', '--plan')).stdout, /\+ SSH key/)
    await company.ok('up', '--yes')
    await company.ok('ssh', '--', 'true')
  })

  it('keeps an address that somebody had said goes with its server', async () => {
    const { ipv4, address } = company.state.resources
    await company.api('PUT', `/primary_ips/${ipv4}`, { auto_delete: true })
    await company.ok('down', '--yes')
    const { primary_ip } = await company.api('GET', `/primary_ips/${ipv4}`)
    assert.equal(primary_ip.ip, address)
    assert.equal(primary_ip.auto_delete, false)
  })

  it('does not begin to delete what somebody else uses', async () => {
    const { volume } = company.state.resources
    const { server, action } = await company.api('POST', '/servers', {
      name: 'rescue',
      server_type: 'cx23',
      image: 'debian-13',
      location: (await company.api('GET', `/volumes/${volume}`)).volume.location.name,
      volumes: [volume],
    })
    await company.settled(action.id)
    const words = ['--volume', '--addresses', '--yes', '--confirm', 'acme']
    const refused = await company.cosmos('down', ...words)
    assert.equal(refused.code, 3, refused.stderr)
    assert.match(refused.stderr, new RegExp(`volume acme-data is in use by server ${server.id}`))
    assert.equal((await company.api('GET', '/primary_ips')).primary_ips.filter(isOurs).length, 2)
    const gone = await company.api('DELETE', `/servers/${server.id}`)
    await company.settled(gone.action.id)
  })

  for (const how of ['before', 'after'] as const) {
    it(`puts the server back to work when down was killed ${how} the volume was detached`, async () => {
      await company.ok('up', '--yes')
      const reached = company.proxy.cutAt({ at: 1, how })
      const play = company.play('down', '--yes')
      await reached
      play.child.kill('SIGKILL')
      await play.done
      assert.match(company.proxy.writes[0] ?? '', /detach/)
      company.proxy.heal()
      const { stderr } = await company.ok('up', '--yes')
      assert.match(stderr, /Put the server back to work/)
      const { stdout } = await company.ok('ssh', '--', 'k3s kubectl get nodes && mountpoint /data')
      assert.doesNotMatch(stdout, /SchedulingDisabled/)
      assert.equal(company.state.operation, null)
    })
  }

  it('takes a server that cannot be asked down only when told, and shuts it down first', async () => {
    await company.ok('lab', 'fault', 'add', 'ssh', '--mode', 'refuse', '--always')
    const refused = await company.cosmos('down', '--yes')
    assert.equal(refused.code, 1, refused.stderr)
    assert.match(refused.stderr, /nobody can make it let go[\s\S]*cosmos down --force/)
    assert.equal((await company.api('GET', '/servers')).servers[0].volumes.length, 1)
    const { stderr } = await company.ok('down', '--yes', '--force')
    assert.match(stderr, /it could not be asked, and was shut down/)
    await company.ok('lab', 'fault', 'clear')
    await company.ok('up', '--yes')
  })

  it('takes a server that is off down without asking it', async () => {
    const { server } = company.state.resources
    const off = await company.api('POST', `/servers/${server}/actions/poweroff`)
    await company.settled(off.action.id)
    const { stderr } = await company.ok('down', '--yes')
    assert.match(stderr, /Release the volume.*the server is off/)
    assert.deepEqual((await company.api('GET', '/servers')).servers, [])
  })
})
