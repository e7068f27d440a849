import type { Image, Labels } from '../../../hetzner/wire.ts'
import {
  type CatalogueType,
  findLocation,
  findServerType,
  locations,
  stockKey,
} from '../../catalogue/index.ts'
import type { FirewallRecord, PrimaryIpRecord, VolumeRecord } from '../../store/index.ts'
import { Checks, isBody, isId, isIdOrName } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, invalidInput, notFound } from '../failure.ts'
import { find, requireUnlocked } from '../find.ts'
import { readLabels } from '../labels.ts'
import { requireFreeName, serverName } from '../names.ts'
import { firewallsNamed } from '../resources/firewalls.ts'
import { findImage } from '../resources/images.ts'
import { isShownAvailable, requireStock } from './stock.ts'

/** Characters of user data as sent. Source: OpenAPI text · documented; "Length must be between 0 and 32768." seen by others. */
export const mostUserData = 32_768
const mostVolumes = 16

/** A POST /servers that can be carried out. `new`: an address to be made; null: none. */
export type ServerOrder = {
  name: string
  type: CatalogueType
  location: string
  image: Image
  ipv4: PrimaryIpRecord | 'new' | null
  ipv6: PrimaryIpRecord | 'new' | null
  volumes: VolumeRecord[]
  firewalls: FirewallRecord[]
  publicKeys: string[]
  userData: string | null
  labels: Labels
  start: boolean
}

/** Reads and checks the body, in the order shape, name, references, stock. @throws ApiFailure */
export function readServer(cloud: Cloud, body: Record<string, unknown>): ServerOrder {
  const checks = new Checks(body)
  checks.required('name', 'server_type', 'image')
  const name = serverName(checks) ?? ''
  const labels = readLabels(checks, body) ?? {}
  const userData = checks.text('user_data', { max: mostUserData }) || null
  const start = checks.flag('start_after_create') ?? true
  const keys =
    checks.list('ssh_keys', entry => (isIdOrName(entry) ? entry : undefined), 'Not a valid list.') ?? []
  const volumeIds = checks.ids('volumes') ?? []
  const firewallIds = checks.list('firewalls', readFirewall, 'Not a valid list of firewalls.') ?? []
  const [typeWanted, imageWanted] = [checks.idOrName('server_type'), checks.idOrName('image')]
  const placeWanted = checks.idOrName('location')
  const type = typeWanted === undefined ? undefined : findServerType(typeWanted)
  if (typeWanted !== undefined && !type) checks.problem('server_type', 'server type not found')
  if (placeWanted !== undefined && !findLocation(placeWanted))
    checks.problem('location', 'location not found')
  if (volumeIds.length > mostVolumes) checks.problem('volumes', `Longer than maximum length ${mostVolumes}.`)
  if (checks.flag('automount') && volumeIds.length === 0) checks.problem('automount', 'needs volumes')
  refuseOthers(checks, body)
  const net = readPublicNet(checks.object('public_net') ?? {}, checks)
  checks.done()
  requireFreeName(cloud.store, 'servers', name)
  if (!type) throw notFound('server type', String(typeWanted))
  const location = placeFor(cloud, type, placeWanted)
  const image = imageFor(cloud, imageWanted ?? '', type)
  const order = {
    name,
    labels,
    userData,
    start,
    type,
    location,
    image,
    publicKeys: keys.map(key => publicKeyOf(cloud, key)),
    volumes: volumeIds.map(id => volumeFor(cloud, id, location)),
    firewalls: firewallsNamed(cloud, firewallIds),
    ipv4: addressFor(cloud, net.ipv4, 'ipv4', location),
    ipv6: addressFor(cloud, net.ipv6, 'ipv6', location),
  }
  // Source: OpenAPI text · documented; the code is guessed
  if (order.ipv4 === null && order.ipv6 === null && start)
    throw invalidInput([
      { name: 'start_after_create', messages: ['a server without network can not be started'] },
    ])
  requireStock(cloud, type, location)
  return order
}

function readFirewall(entry: unknown): number | undefined {
  return isBody(entry) && isId(entry.firewall) ? entry.firewall : undefined
}

/** Networks and placement groups do not exist in the lab, so none can be named. */
function refuseOthers(checks: Checks, body: Record<string, unknown>): void {
  if (Array.isArray(body.networks) && body.networks.length > 0)
    checks.problem('networks', 'network not found')
  if (checks.has('placement_group')) checks.problem('placement_group', 'placement group not found')
}

type Wanted = number | 'new' | null

function readPublicNet(body: Record<string, unknown>, outer: Checks): { ipv4: Wanted; ipv6: Wanted } {
  const checks = new Checks(body)
  const wanted = (type: 'ipv4' | 'ipv6'): Wanted => {
    const on = checks.flag(`enable_${type}`) ?? true
    const id = checks.integer(type)
    if (!on && id !== undefined) outer.problem('public_net', `${type} is given but not enabled`)
    return on ? (id ?? 'new') : null
  }
  const net = { ipv4: wanted('ipv4'), ipv6: wanted('ipv6') }
  checks.done()
  return net
}

/** Source: OpenAPI text · documented; "unsupported location for server type" was seen by others. Without one, the first: guessed. */
function placeFor(cloud: Cloud, type: CatalogueType, wanted: string | number | undefined): string {
  if (wanted === undefined) {
    const inStock = type.offeredIn.find(name => isShownAvailable(cloud, stockKey(type.name, name)))
    return inStock ?? type.offeredIn[0] ?? locations[0]?.name ?? ''
  }
  const name = findLocation(wanted)?.name ?? ''
  if (!type.offeredIn.includes(name))
    throw new ApiFailure('invalid_input', 'unsupported location for server type', {
      fields: [{ name: 'location', messages: ['unsupported location for server type'] }],
    })
  return name
}

function imageFor({ store }: Cloud, wanted: string | number, type: CatalogueType): Image {
  const image = findImage(store, wanted, type.architecture)
  if (!image) throw invalidInput([{ name: 'image', messages: ['image not found'] }])
  requireFits(image, type.architecture, type.disk)
  return image
}

/** @throws ApiFailure `invalid_input` when the image cannot start on such a server */
export function requireFits(image: Image, architecture: string, diskGb: number): void {
  const messages = [
    ...(image.architecture === architecture ? [] : ['image architecture does not match the server type']),
    ...(image.status === 'available' ? [] : ['image is not available yet']),
    ...(image.disk_size <= diskGb ? [] : ['image is larger than the disk of the server']),
  ]
  if (messages.length > 0) throw invalidInput([{ name: 'image', messages }])
}

function publicKeyOf({ store }: Cloud, wanted: string | number): string {
  const key = store.find('sshKeys', row => String(row.id) === String(wanted) || row.name === wanted)
  if (!key) throw new ApiFailure('not_found', `SSH key '${wanted}' not found`)
  return key.publicKey
}

function volumeFor(cloud: Cloud, id: number, location: string): VolumeRecord {
  const volume = find(cloud, 'volumes', id)
  requireUnlocked(cloud, 'volume', id)
  if (volume.server !== null)
    throw new ApiFailure('volume_already_attached', `volume is already attached to server ${volume.server}`)
  if (volume.location !== location)
    throw invalidInput([{ name: 'volumes', messages: ['server and volume must be in the same location'] }])
  return volume
}

/** @throws ApiFailure `primary_ip_assigned`, `primary_ip_version_mismatch`, `primary_ip_datacenter_mismatch` (its old name) */
function addressFor(cloud: Cloud, wanted: Wanted, type: 'ipv4' | 'ipv6', location: string) {
  if (wanted === null || wanted === 'new') return wanted
  const ip = find(cloud, 'primaryIps', wanted)
  if (ip.type !== type) throw new ApiFailure('primary_ip_version_mismatch', `Primary IP is not an ${type}`)
  if (ip.assignee !== null || cloud.actions.isLocked(`primary_ip:${ip.id}`))
    throw new ApiFailure('primary_ip_assigned', 'Primary IP is already assigned')
  if (ip.location !== location)
    throw new ApiFailure(
      'primary_ip_datacenter_mismatch',
      'Primary IP and server must be in the same location',
    )
  return ip
}
