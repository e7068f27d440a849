import type { State } from './state.ts'

/** The version this cosmos writes. */
export const currentVersion: State['version'] = 1

type Versioned = { version: number; [key: string]: unknown }

/** What turns a state of the version in the key into the next one. Each stays for good: files may be years old. */
const migrations: Record<number, (old: Versioned) => Versioned> = {}

/**
 * Brings an older state up to the version of this cosmos, step by step.
 * @returns undefined when there is no way from that version.
 */
export function migrated(
  state: Versioned,
  table: Record<number, (old: Versioned) => Versioned> = migrations,
  target: number = currentVersion,
): Versioned | undefined {
  let current: Versioned | undefined = state
  while (current !== undefined && current.version < target) current = table[current.version]?.(current)
  return current
}
