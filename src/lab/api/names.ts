import type { Store } from '../store/index.ts'
import type { Checks } from './checks.ts'
import { notUnique } from './failure.ts'

/** RFC 1123 host name. Source: OpenAPI text, POST /servers · documented. */
const hostname =
  /^(?=.{1,253}$)[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*$/
/** Alphanumerics, `-_.`, at most 64, alphanumeric at both ends. Source: OpenAPI text, POST /volumes · documented. */
const volumeName = /^[A-Za-z0-9]([-_.A-Za-z0-9]{0,62}[A-Za-z0-9])?$/

export function serverName(checks: Checks): string | undefined {
  return checks.text('name', { pattern: hostname, says: 'must be a valid hostname' })
}

export function volumeNameIn(checks: Checks): string | undefined {
  return checks.text('name', { pattern: volumeName, says: 'invalid characters, or longer than 64' })
}

/** 1-128 characters. Source: OpenAPI text, firewalls · documented; for the other kinds guessed. */
export function plainName(checks: Checks): string | undefined {
  return checks.text('name', { min: 1, max: 128 })
}

type Named = 'servers' | 'volumes' | 'primaryIps' | 'firewalls' | 'sshKeys'

/**
 * Names are unique per project and kind. The two sentences were seen by others.
 * @throws ApiFailure `uniqueness_error`
 */
export function requireFreeName(store: Store, kind: Named, name: string, except?: number): void {
  const taken = store.find(kind, row => row.name === name && row.id !== except)
  if (!taken) return
  const message =
    kind === 'servers'
      ? 'server name is already used'
      : kind === 'sshKeys'
        ? 'SSH key not unique'
        : 'name is already used'
  throw notUnique(message, 'name')
}
