import { volumeDevice } from './paths.ts'

/** Grows the file system to the size of its volume, while it is mounted. Prints what resize2fs says. @param volumeId id of the data volume */
export function growFileSystem(volumeId: number): string {
  return `resize2fs ${volumeDevice(volumeId)} 2>&1`
}
