import { take, takeActions } from './answer.ts'
import type { Collection, Filter } from './collection.ts'
import { type Call, post, repeatablePost } from './request.ts'
import { actionOf, discard, type Readable, readable, type Writable, writable } from './resource.ts'
import type { Action, CreateVolumeBody, Labels, Volume } from './wire.ts'

export type VolumeFilter = Filter & { status?: Volume['status'] | undefined }

export type Volumes = Readable<Volume, VolumeFilter> &
  Writable<Volume, { name?: string; labels?: Labels }> & {
    create(body: CreateVolumeBody, signal?: AbortSignal): Promise<{ volume: Volume; actions: Action[] }>
    /** Must be detached. */
    delete(id: number, signal?: AbortSignal): Promise<void>
    attach(id: number, body: { server: number; automount?: boolean }, signal?: AbortSignal): Promise<Action>
    /** Pulls the disk at once, mounted or not: prove first that nothing writes to it. */
    detach(id: number, signal?: AbortSignal): Promise<Action>
    /** Grows only. The file system on it is not grown. */
    resize(id: number, sizeGb: number, signal?: AbortSignal): Promise<Action>
    changeProtection(id: number, protection: { delete: boolean }, signal?: AbortSignal): Promise<Action>
  }

const collection: Collection = { path: '/volumes', plural: 'volumes', singular: 'volume' }
const action = (id: number, name: string) => `/volumes/${id}/actions/${name}`

/** The endpoints under `/volumes`. Source: facts/hetzner-api.md §2.4 and appendix A. */
export function volumes(call: Call): Volumes {
  return {
    ...readable<Volume, VolumeFilter>(call, collection),
    ...writable(call, collection),
    async create(body, signal) {
      const answer = await call(post('/volumes', body), signal)
      return { volume: take<Volume>(answer, 'volume'), actions: takeActions(answer) }
    },
    delete: (id, signal) => discard(call, collection, id, signal),
    attach: (id, body, signal) => actionOf(call, post(action(id, 'attach'), body), signal),
    detach: (id, signal) => actionOf(call, post(action(id, 'detach')), signal),
    resize: (id, sizeGb, signal) => actionOf(call, post(action(id, 'resize'), { size: sizeGb }), signal),
    changeProtection: (id, protection, signal) =>
      actionOf(call, repeatablePost(action(id, 'change_protection'), protection), signal),
  }
}
