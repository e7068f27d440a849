import { createHash, timingSafeEqual } from 'node:crypto'
import { ApiFailure } from './failure.ts'

export type Access = 'write' | 'read'

/** Texts seen by others. @throws ApiFailure `unauthorized` */
export function accessOf(
  header: string | undefined,
  tokens: { token: string; readonlyToken: string },
): Access {
  const given = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (given === undefined) throw new ApiFailure('unauthorized', 'token is required')
  if (isSame(given, tokens.token)) return 'write'
  if (isSame(given, tokens.readonlyToken)) return 'read'
  throw new ApiFailure('unauthorized', 'the token you have provided is invalid')
}

/** @throws ApiFailure `token_readonly` */
export function requireAccess(access: Access, method: string): void {
  if (access === 'read' && method !== 'GET')
    throw new ApiFailure('token_readonly', 'the token you have provided is read-only')
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map(text => createHash('sha256').update(text).digest())
  return left !== undefined && right !== undefined && timingSafeEqual(left, right)
}
