import type { Image, Labels } from '../../../hetzner/wire.ts'
import { type CatalogueType, findLocation, findServerType } from '../../catalogue/index.ts'
import type { FirewallRecord, PrimaryIpRecord, VolumeRecord } from '../../store/index.ts'
import { Checks, isBody, isId, isIdOrName } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { invalidInput, notFound } from '../failure.ts'
import { readLabels } from '../labels.ts'
import { requireFreeName, serverName } from '../names.ts'
import { firewallsNamed } from './apply-firewall.ts'
import { addressFor, imageFor, placeFor, publicKeyOf, volumeFor, type Wanted } from './server-references.ts'
import { requireStock } from './stock.ts'

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
  const firewallIds = [...new Set(checks.list('firewalls', readFirewall, 'Not a valid list of firewalls.'))]
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
