import { CosmosError, messageOf } from '../errors.ts'

/** A vault that is not there or cannot be read. */
export function vaultMissing(path: string, cause: unknown): CosmosError {
  const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  const message = absent
    ? `There is no vault at ${path}.`
    : `The vault ${path} cannot be read: ${messageOf(cause)}`
  return new CosmosError(message, { code: 'vault-missing', hint: 'Make one with: cosmos init', cause })
}
