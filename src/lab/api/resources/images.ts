import type { Image } from '../../../hetzner/wire.ts'
import { systemImages } from '../../catalogue/index.ts'
import type { ImageRecord, Store } from '../../store/index.ts'
import { type Call, created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import { ApiFailure, isProtected, notFound } from '../failure.ts'
import { readLabels } from '../labels.ts'
import { filtered, keepBy, listing } from '../listing.ts'
import { actionView } from '../views/index.ts'

const sort = {
  id: (image: Image) => image.id,
  name: (image: Image) => image.name ?? '',
  created: (image: Image) => image.created,
}

export const imageRoutes: Routes = {
  'GET /images'(call) {
    const { query } = call
    let rows = filtered(allImages(call.cloud.store), query)
    rows = keepBy(rows, query, 'type', image => image.type)
    rows = keepBy(rows, query, 'status', image => image.status)
    rows = keepBy(rows, query, 'bound_to', image => image.bound_to)
    rows = keepBy(rows, query, 'architecture', image => image.architecture)
    if (query.get('include_deprecated') !== 'true') rows = rows.filter(image => image.deprecated === null)
    return listing(call, { as: 'images', rows, view: image => image, sort })
  },

  'GET /images/{id}': call => ok({ image: imageAt(call) }),

  'PUT /images/{id}'(call) {
    const row = ownImage(call)
    const checks = new Checks(call.body)
    const description = checks.text('description') ?? row.wire.description
    const type = checks.oneOf('type', ['snapshot']) ?? row.wire.type
    const labels = readLabels(checks, call.body) ?? row.wire.labels
    checks.done()
    // A backup that becomes a snapshot is no longer bound to its server. Source: OpenAPI text · documented
    const bound_to = type === 'snapshot' ? null : row.wire.bound_to
    return ok({ image: keep(call, row, { ...row.wire, description, type, labels, bound_to }) })
  },

  async 'DELETE /images/{id}'(call) {
    const row = ownImage(call)
    if (row.wire.protection.delete) throw isProtected('image')
    call.cloud.store.remove('images', row.id)
    if (row.handle !== null) await call.cloud.machines.deleteSnapshot(row.handle)
    return noContent
  },

  // Snapshots only. Source: OpenAPI text · documented
  'POST /images/{id}/actions/change_protection'(call) {
    const row = ownImage(call)
    const checks = new Checks(call.body)
    const on = checks.flag('delete') ?? row.wire.protection.delete
    checks.done()
    if (row.wire.type !== 'snapshot') throw new ApiFailure('service_error', 'only snapshots can be protected')
    keep(call, row, { ...row.wire, protection: { delete: on } })
    const resources = [{ id: row.id, type: 'image' }]
    const action = call.cloud.actions.done({ command: 'change_protection', resources })
    return created({ action: actionView(call.cloud, action) })
  },
}

export function allImages(store: Store): Image[] {
  return [...systemImages, ...store.all('images').map(row => row.wire)]
}

function imageAt({ cloud: { store }, ids: [id = 0] }: Call): Image {
  const image = allImages(store).find(row => row.id === id)
  if (!image) throw notFound('image', id)
  return image
}

/** Only snapshots and backups can be changed. Source: OpenAPI text · documented; code and text are guessed. */
function ownImage(call: Call): ImageRecord {
  const { id } = imageAt(call)
  const row = call.cloud.store.get('images', id)
  if (!row) throw new ApiFailure('forbidden', 'system images can not be changed')
  return row
}

function keep({ cloud: { store } }: Call, row: ImageRecord, wire: Image): Image {
  return store.put('images', { ...row, wire }).wire
}

/** @param wanted id or name; the name is looked up with the architecture of the server type, as the service does. */
export function findImage(store: Store, wanted: string | number, architecture: string): Image | undefined {
  return allImages(store).find(
    image =>
      String(image.id) === String(wanted) || (image.name === wanted && image.architecture === architecture),
  )
}
