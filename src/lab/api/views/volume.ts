import type { Volume } from '../../../hetzner/wire.ts'
import { locationNamed } from '../../catalogue/index.ts'
import type { VolumeRecord } from '../../store/index.ts'
import { timeOf } from './time.ts'

export function volumeView(row: VolumeRecord): Volume {
  return {
    id: row.id,
    created: timeOf(row.createdAt),
    name: row.name,
    server: row.server,
    location: locationNamed(row.location),
    size: row.sizeGb,
    // Source: OpenAPI text · documented; the same path was seen on servers by others
    linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${row.id}`,
    protection: row.protection,
    labels: row.labels,
    status: row.status,
    format: row.format,
  }
}
