import type { Image } from '../../../hetzner/wire.ts'
import { type CatalogueType, findLocation, locations, stockKey } from '../../catalogue/index.ts'
import type { VolumeRecord } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, invalidInput } from '../failure.ts'
import { find, requireUnlocked } from '../find.ts'
import { findImage } from '../resources/images.ts'
import { isShownAvailable } from './stock.ts'

/** An address that an order names by id, wants made, or does not want. */
export type Wanted = number | 'new' | null

/** Source: OpenAPI text · documented; "unsupported location for server type" was seen by others. Without one, the first: guessed. */
export function placeFor(cloud: Cloud, type: CatalogueType, wanted: string | number | undefined): string {
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

export function imageFor({ store }: Cloud, wanted: string | number, type: CatalogueType): Image {
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

export function publicKeyOf({ store }: Cloud, wanted: string | number): string {
  const key = store.find('sshKeys', row => String(row.id) === String(wanted) || row.name === wanted)
  if (!key) throw new ApiFailure('not_found', `SSH key '${wanted}' not found`)
  return key.publicKey
}

export function volumeFor(cloud: Cloud, id: number, location: string): VolumeRecord {
  const volume = find(cloud, 'volumes', id)
  requireUnlocked(cloud, 'volume', id)
  if (volume.server !== null)
    throw new ApiFailure('volume_already_attached', `volume is already attached to server ${volume.server}`)
  if (volume.location !== location)
    throw invalidInput([{ name: 'volumes', messages: ['server and volume must be in the same location'] }])
  return volume
}

/** @throws ApiFailure `primary_ip_assigned`, `primary_ip_version_mismatch`, `primary_ip_datacenter_mismatch` (its old name) */
export function addressFor(cloud: Cloud, wanted: Wanted, type: 'ipv4' | 'ipv6', location: string) {
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
