import { generateKeyPairSync } from 'node:crypto'
import type { Body, TestLab } from './lab.ts'

/** A fresh ed25519 key as authorized_keys line. */
export function freshPublicKey(comment = 'test'): string {
  const { publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const blob = Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)])
  return `ssh-ed25519 ${blob.toString('base64')} ${comment}`
}

let count = 0

/** A server that is through with being made. */
export async function madeServer(lab: TestLab, more: Record<string, unknown> = {}): Promise<Body> {
  const { server } = await lab.post('/servers', {
    name: `server-${++count}`,
    server_type: 'cx23',
    image: 'ubuntu-24.04',
    location: 'fsn1',
    ...more,
  })
  await lab.settle()
  return (await lab.get(`/servers/${server.id}`)).server
}

/** A server that is off. */
export function offServer(lab: TestLab, more: Record<string, unknown> = {}): Promise<Body> {
  return madeServer(lab, { start_after_create: false, ...more })
}

export async function madeVolume(lab: TestLab, more: Record<string, unknown> = {}): Promise<Body> {
  const { volume } = await lab.post('/volumes', {
    name: `volume-${++count}`,
    size: 10,
    location: 'fsn1',
    ...more,
  })
  await lab.settle()
  return (await lab.get(`/volumes/${volume.id}`)).volume
}

export async function madeAddress(lab: TestLab, more: Record<string, unknown> = {}): Promise<Body> {
  const body = { name: `ip-${++count}`, type: 'ipv4', location: 'fsn1', ...more }
  return (await lab.post('/primary_ips', body)).primary_ip
}

export const sshIn = { direction: 'in', protocol: 'tcp', port: '22', source_ips: ['0.0.0.0/0', '::/0'] }

export async function madeFirewall(lab: TestLab, more: Record<string, unknown> = {}): Promise<Body> {
  const { firewall } = await lab.post('/firewalls', { name: `firewall-${++count}`, rules: [sshIn], ...more })
  await lab.settle()
  return (await lab.get(`/firewalls/${firewall.id}`)).firewall
}

/** `422 must_be_unassigned`, or `201` when it went well. */
export async function outcome(lab: TestLab, method: string, path: string, body?: unknown): Promise<string> {
  const reply = await lab.ask(method, path, body)
  return reply.status < 300 ? String(reply.status) : `${reply.status} ${reply.body.error.code}`
}
