import { messageOf } from '../errors.ts'
import { SshError } from './errors.ts'
import type { HostKeyCheck } from './host-key.ts'

/** Reasons of a disconnect (RFC 4253 §11.1) that OpenSSH gives when it has had enough of our keys. */
const authDisconnects = new Set<unknown>([2, 14])

/**
 * What ssh2 says while connecting, as one of our failures. Told apart by its `level` and codes, not by text.
 * @param target `root@203.0.113.7:22`
 */
export function connectError(error: unknown, target: string, hostKey: HostKeyCheck): SshError {
  const { level, code } = error as { level?: string; code?: unknown }
  if (level === 'handshake') return hostKey.refusal(target, messageOf(error))
  if (level === 'client-authentication' || authDisconnects.has(code)) return authError(target)
  if (code === 'ETIMEDOUT') return timeoutError(target)
  if (code === 'ECONNRESET' || code === 'EPIPE' || level !== 'client-socket') {
    return droppedError(target, messageOf(error))
  }
  return new SshError(`Nothing answers SSH at ${target}${typeof code === 'string' ? ` (${code})` : ''}.`, {
    code: 'ssh-refused',
    hint: 'See whether the server is on: cosmos status',
    cause: error,
  })
}

export function timeoutError(target: string): SshError {
  return new SshError(`${target} did not answer SSH in time.`, {
    code: 'ssh-timeout',
    hint: 'Is the server on, and does the firewall admit your address? See: cosmos status',
  })
}

export function droppedError(target: string, why: string): SshError {
  return new SshError(`The SSH connection to ${target} broke off: ${why}.`, {
    code: 'ssh-dropped',
    hint: 'Run the command again: what was done already is not done twice.',
  })
}

function authError(target: string): SshError {
  return new SshError(`${target} does not accept our SSH key.`, {
    code: 'ssh-auth',
    hint: 'The server admits the key of "ssh.publicKey" in cosmos.yaml as it was when the server was made. Is "ssh.privateKey" its other half, or is it in your agent (ssh-add -l)?',
  })
}
