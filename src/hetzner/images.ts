import { type Collection, type Filter, updateOne } from './collection.ts'
import { type Call, repeatablePost } from './request.ts'
import { actionOf, discard, type Readable, readable } from './resource.ts'
import type { Action, Image, ImageType, Labels } from './wire.ts'

export type ImageFilter = Filter & {
  type?: ImageType | readonly ImageType[] | undefined
  status?: Image['status'] | readonly Image['status'][] | undefined
  architecture?: Image['architecture'] | undefined
  boundTo?: number | undefined
  includeDeprecated?: boolean | undefined
}

/** Only snapshots and backups can be changed or deleted. */
export type Images = Readable<Image, ImageFilter> & {
  update(
    id: number,
    changes: { description?: string; labels?: Labels; type?: 'snapshot' },
    signal?: AbortSignal,
  ): Promise<Image>
  delete(id: number, signal?: AbortSignal): Promise<void>
  changeProtection(id: number, protection: { delete: boolean }, signal?: AbortSignal): Promise<Action>
}

const collection: Collection = { path: '/images', plural: 'images', singular: 'image' }

/** The endpoints under `/images`. Source: facts/hetzner-api.md §2.8 and appendix A. */
export function images(call: Call): Images {
  return {
    ...readable<Image, ImageFilter>(call, collection),
    update: (id, changes, signal) => updateOne<Image>(call, collection, id, changes, signal),
    delete: (id, signal) => discard(call, collection, id, signal),
    changeProtection: (id, protection, signal) =>
      actionOf(call, repeatablePost(`/images/${id}/actions/change_protection`, protection), signal),
  }
}
