/** A factor between 0.85 and 1.15 that the same inputs always give (an integer hash, so that a run can be repeated exactly). */
export function jitter(...inputs: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const input of inputs) {
    hash = Math.imul(hash ^ (input & 0xffffffff), 0x01000193) >>> 0
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
  }
  return 0.85 + ((hash >>> 0) / 0xffffffff) * 0.3
}
