import { take, takeActions } from './answer.ts'
import { type Collection, deleteOne, type Filter } from './collection.ts'
import { type Call, post, repeatablePost } from './request.ts'
import { actionOf, type Readable, readable, type Writable, writable } from './resource.ts'
import type { Action, CreateServerBody, Image, Labels, Server, ServerStatus } from './wire.ts'

export type ServerFilter = Filter & { status?: ServerStatus | readonly ServerStatus[] | undefined }
export type CreateImageBody = { description?: string; type?: 'snapshot' | 'backup'; labels?: Labels }

export type Servers = Readable<Server, ServerFilter> &
  Writable<Server, { name?: string; labels?: Labels }> & {
    /** Give `ssh_keys`: without, Hetzner makes a root password, which is thrown away here. */
    create(body: CreateServerBody, signal?: AbortSignal): Promise<{ server: Server; actions: Action[] }>
    /** Undefined when it is gone already. What it held is free only when the action is done. */
    delete(id: number, signal?: AbortSignal): Promise<Action | undefined>
    powerOn(id: number, signal?: AbortSignal): Promise<Action>
    /** The hard cut; the action's success means off. */
    powerOff(id: number, signal?: AbortSignal): Promise<Action>
    /** Only asks (ACPI): the action ends when the button was pressed. Watch `status` for `off`. */
    shutdown(id: number, signal?: AbortSignal): Promise<Action>
    reboot(id: number, signal?: AbortSignal): Promise<Action>
    reset(id: number, signal?: AbortSignal): Promise<Action>
    rebuild(id: number, body: { image: string; user_data?: string }, signal?: AbortSignal): Promise<Action>
    /** The server must be off. Read `status` afterwards: the API may have started it again (facts §9.2). */
    changeType(
      id: number,
      body: { server_type: string; upgrade_disk: boolean },
      signal?: AbortSignal,
    ): Promise<Action>
    /** Both must be equal. */
    changeProtection(
      id: number,
      protection: { delete: boolean; rebuild: boolean },
      signal?: AbortSignal,
    ): Promise<Action>
    createImage(
      id: number,
      body?: CreateImageBody,
      signal?: AbortSignal,
    ): Promise<{ image: Image; actions: Action[] }>
    /** Into the rescue system at the next boot, with these SSH keys; its root password is thrown away. */
    enableRescue(id: number, sshKeyIds: readonly number[], signal?: AbortSignal): Promise<Action>
    disableRescue(id: number, signal?: AbortSignal): Promise<Action>
    changeDnsPtr(id: number, ip: string, dnsPtr: string | null, signal?: AbortSignal): Promise<Action>
  }

const collection: Collection = { path: '/servers', plural: 'servers', singular: 'server' }
const action = (id: number, name: string) => `/servers/${id}/actions/${name}`

/** The endpoints under `/servers`. Source: facts/hetzner-api.md §2.3 and appendix A. */
export function servers(call: Call): Servers {
  return {
    ...readable<Server, ServerFilter>(call, collection),
    ...writable(call, collection),
    async create(body, signal) {
      const answer = await call(post('/servers', body), signal)
      return { server: take<Server>(answer, 'server'), actions: takeActions(answer) }
    },
    delete: (id, signal) => deleteOne(call, collection, id, signal),
    powerOn: (id, signal) => actionOf(call, repeatablePost(action(id, 'poweron')), signal),
    powerOff: (id, signal) => actionOf(call, repeatablePost(action(id, 'poweroff')), signal),
    shutdown: (id, signal) => actionOf(call, repeatablePost(action(id, 'shutdown')), signal),
    reboot: (id, signal) => actionOf(call, post(action(id, 'reboot')), signal),
    reset: (id, signal) => actionOf(call, post(action(id, 'reset')), signal),
    rebuild: (id, body, signal) => actionOf(call, post(action(id, 'rebuild'), body), signal),
    changeType: (id, body, signal) => actionOf(call, post(action(id, 'change_type'), body), signal),
    changeProtection: (id, protection, signal) =>
      actionOf(call, repeatablePost(action(id, 'change_protection'), protection), signal),
    async createImage(id, body = {}, signal) {
      const answer = await call(post(action(id, 'create_image'), body), signal)
      return { image: take<Image>(answer, 'image'), actions: takeActions(answer) }
    },
    enableRescue: (id, sshKeyIds, signal) =>
      actionOf(call, post(action(id, 'enable_rescue'), { type: 'linux64', ssh_keys: sshKeyIds }), signal),
    disableRescue: (id, signal) => actionOf(call, post(action(id, 'disable_rescue')), signal),
    changeDnsPtr: (id, ip, dnsPtr, signal) =>
      actionOf(call, repeatablePost(action(id, 'change_dns_ptr'), { ip, dns_ptr: dnsPtr }), signal),
  }
}
