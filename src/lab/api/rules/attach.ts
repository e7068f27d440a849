import type { ServerRecord, VolumeRecord } from '../../store/index.ts'
import { ApiFailure, invalidInput } from '../failure.ts'

/** Source: OpenAPI text, volumes · documented. */
const mostVolumes = 16

/**
 * Whether a volume may go to a server: free, same place, at most 16 a server.
 * @throws ApiFailure `volume_already_attached` (its status 422 is guessed), `limit_exceeded_error` (the code csi-driver looks for)
 */
export function requireAttachable(volume: VolumeRecord, server: ServerRecord): void {
  if (volume.server !== null)
    throw new ApiFailure('volume_already_attached', `volume is already attached to server ${volume.server}`)
  if (volume.location !== server.location)
    throw invalidInput([{ name: 'server', messages: ['server and volume must be in the same location'] }])
  if (server.volumes.length >= mostVolumes)
    throw new ApiFailure('limit_exceeded_error', `server has reached the limit of ${mostVolumes} volumes`)
}
