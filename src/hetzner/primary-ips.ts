import { take, takeActions } from './answer.ts'
import type { Collection, Filter } from './collection.ts'
import { type Call, post, repeatablePost } from './request.ts'
import { actionOf, discard, type Readable, readable, type Writable, writable } from './resource.ts'
import type { Action, CreatePrimaryIpBody, Labels, PrimaryIp } from './wire.ts'

export type PrimaryIpFilter = Filter & { ip?: string | undefined }

export type PrimaryIps = Readable<PrimaryIp, PrimaryIpFilter> &
  Writable<PrimaryIp, { name?: string; labels?: Labels; auto_delete?: boolean }> & {
    create(
      body: CreatePrimaryIpBody,
      signal?: AbortSignal,
    ): Promise<{ primaryIp: PrimaryIp; actions: Action[] }>
    /** Must be unassigned. */
    delete(id: number, signal?: AbortSignal): Promise<void>
    /** The server must be off. */
    assign(id: number, serverId: number, signal?: AbortSignal): Promise<Action>
    /** The server must be off. */
    unassign(id: number, signal?: AbortSignal): Promise<Action>
    /** Null takes the name back to Hetzner's default. */
    changeDnsPtr(id: number, ip: string, dnsPtr: string | null, signal?: AbortSignal): Promise<Action>
    /** Only while `auto_delete` is false. */
    changeProtection(id: number, protection: { delete: boolean }, signal?: AbortSignal): Promise<Action>
  }

const collection: Collection = { path: '/primary_ips', plural: 'primary_ips', singular: 'primary_ip' }
const action = (id: number, name: string) => `/primary_ips/${id}/actions/${name}`

/** The endpoints under `/primary_ips`. Source: facts/hetzner-api.md §2.5 and appendix A. */
export function primaryIps(call: Call): PrimaryIps {
  return {
    ...readable<PrimaryIp, PrimaryIpFilter>(call, collection),
    ...writable(call, collection),
    async create(body, signal) {
      const answer = await call(post('/primary_ips', body), signal)
      return { primaryIp: take<PrimaryIp>(answer, 'primary_ip'), actions: takeActions(answer) }
    },
    delete: (id, signal) => discard(call, collection, id, signal),
    assign: (id, serverId, signal) =>
      actionOf(call, post(action(id, 'assign'), { assignee_type: 'server', assignee_id: serverId }), signal),
    unassign: (id, signal) => actionOf(call, post(action(id, 'unassign')), signal),
    changeDnsPtr: (id, ip, dnsPtr, signal) =>
      actionOf(call, repeatablePost(action(id, 'change_dns_ptr'), { ip, dns_ptr: dnsPtr }), signal),
    changeProtection: (id, protection, signal) =>
      actionOf(call, repeatablePost(action(id, 'change_protection'), protection), signal),
  }
}
