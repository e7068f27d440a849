import { createHash } from 'node:crypto'
import { created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import { invalidInput, notUnique, overLimit } from '../failure.ts'
import { named } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, keepBy, listing } from '../listing.ts'
import { plainName, requireFreeName } from '../names.ts'
import { sshKeyView } from '../views/index.ts'

const keyLine = /^(ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+)\s+([A-Za-z0-9+/]+={0,2})(?:\s+.*)?$/

export const sshKeyRoutes: Routes = {
  'GET /ssh_keys'(call) {
    const rows = filtered(call.cloud.store.all('sshKeys'), call.query)
    const found = keepBy(rows, call.query, 'fingerprint', row => row.fingerprint)
    return listing(call, {
      as: 'ssh_keys',
      rows: found,
      view: sshKeyView,
      sort: { id: r => r.id, name: r => r.name },
    })
  },

  'GET /ssh_keys/{id}': call => ok({ ssh_key: sshKeyView(named(call, 'sshKeys')) }),

  // Unique by name and by fingerprint. Source: OpenAPI text · documented; a trailing line break is accepted · verified with hcloud 1.30
  'POST /ssh_keys'({ cloud: { store, clock, settings }, body }) {
    const checks = new Checks(body)
    checks.required('name', 'public_key')
    const name = plainName(checks) ?? ''
    const publicKey = checks.text('public_key')?.trim() ?? ''
    const labels = readLabels(checks, body) ?? {}
    checks.done()
    const fingerprint = fingerprintOf(publicKey)
    if (store.find('sshKeys', key => key.name === name)) throw notUnique('SSH key not unique', 'name')
    if (store.find('sshKeys', key => key.fingerprint === fingerprint))
      throw notUnique('SSH key not unique', 'fingerprint')
    if (store.count('sshKeys') >= settings.limit('ssh_keys'))
      throw overLimit('SSH key limit exceeded', 'ssh_key_limit')
    const row = { id: store.nextId('sshKeys'), name, createdAt: clock.now(), fingerprint, publicKey, labels }
    return created({ ssh_key: sshKeyView(store.put('sshKeys', row)) })
  },

  'PUT /ssh_keys/{id}'(call) {
    const { store } = call.cloud
    const row = named(call, 'sshKeys')
    const checks = new Checks(call.body)
    const name = plainName(checks) ?? row.name
    const labels = readLabels(checks, call.body) ?? row.labels
    checks.done()
    requireFreeName(store, 'sshKeys', name, row.id)
    return ok({ ssh_key: sshKeyView(store.put('sshKeys', { ...row, name, labels })) })
  },

  // Servers keep the keys they were made with. Source: OpenAPI text · documented
  'DELETE /ssh_keys/{id}'(call) {
    call.cloud.store.remove('sshKeys', named(call, 'sshKeys').id)
    return noContent
  },
}

/** MD5 of the key blob in hex with colons. Source: OpenAPI text · documented. */
function fingerprintOf(publicKey: string): string {
  const [, type = '', blob = ''] = keyLine.exec(publicKey) ?? []
  const bytes = Buffer.from(blob, 'base64')
  const inner = bytes.length > 4 ? bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() : ''
  if (type === '' || inner !== type)
    throw invalidInput([{ name: 'public_key', messages: ['The SSH key is not valid.'] }])
  const digest = createHash('md5').update(bytes).digest('hex')
  return digest.match(/../g)?.join(':') ?? digest
}
