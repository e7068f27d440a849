import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKeyPair } from '../../src/ssh/index.ts'
import { Stage } from './stage.ts'

/** A real project beside a lab that stands for Hetzner. */
class Company extends Stage {
  async found(): Promise<void> {
    await this.startLab()
    this.env = {
      HCLOUD_ENDPOINT: this.lab.endpoint,
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

  override get state() {
    return JSON.parse(readFileSync(join(this.dir, '.cosmos', 'state.json'), 'utf8'))
  }
}

describe('what is not ours, and what must stay', function () {
  this.timeout(120_000)
  const company = new Company()
  before(() => company.found())
  after(() => company.close())

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
})
