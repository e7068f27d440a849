import { createHash } from 'node:crypto'
import { take } from './answer.ts'
import type { Collection, Filter } from './collection.ts'
import { type Call, post } from './request.ts'
import { discard, type Readable, readable, type Writable, writable } from './resource.ts'
import type { Action, CreateSshKeyBody, Labels, SshKey } from './wire.ts'

export type SshKeyFilter = Filter & { fingerprint?: string | undefined }

export type SshKeys = Readable<SshKey, SshKeyFilter> &
  Writable<SshKey, { name?: string; labels?: Labels }> & {
    /** Unique by name and by key. Makes no action; the list is there so that all creates look alike. */
    create(body: CreateSshKeyBody, signal?: AbortSignal): Promise<{ sshKey: SshKey; actions: Action[] }>
    /** Servers that were made with it keep it. */
    delete(id: number, signal?: AbortSignal): Promise<void>
    /** @param fingerprint MD5 in the API's form: 16 bytes in hex, with colons */
    findByFingerprint(fingerprint: string, signal?: AbortSignal): Promise<SshKey | undefined>
    /** @param publicKey a line as in authorized_keys; its comment does not matter */
    findByPublicKey(publicKey: string, signal?: AbortSignal): Promise<SshKey | undefined>
  }

const collection: Collection = { path: '/ssh_keys', plural: 'ssh_keys', singular: 'ssh_key' }

/** The endpoints under `/ssh_keys`. Source: facts/hetzner-api.md §2.7 and appendix A. */
export function sshKeys(call: Call): SshKeys {
  const read = readable<SshKey, SshKeyFilter>(call, collection)
  const findByFingerprint: SshKeys['findByFingerprint'] = async (fingerprint, signal) =>
    (await read.list({ fingerprint }, signal))[0]
  return {
    ...read,
    ...writable(call, collection),
    async create(body, signal) {
      const answer = await call(post('/ssh_keys', body), signal)
      return { sshKey: take<SshKey>(answer, 'ssh_key'), actions: [] }
    },
    delete: (id, signal) => discard(call, collection, id, signal),
    findByFingerprint,
    findByPublicKey: (publicKey, signal) => findByFingerprint(md5Fingerprint(publicKey), signal),
  }
}

/** How the API names a key: MD5 over the decoded second word of the line. */
export function md5Fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.trim().split(/\s+/)[1] ?? '', 'base64')
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replace(/..(?!$)/g, '$&:')
}
