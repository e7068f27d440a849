import type { Client, ConnectConfig } from 'ssh2'
import { throwIfAborted } from '../errors.ts'
import { connectError, droppedError, timeoutError } from './connect-error.ts'
import type { SshError } from './errors.ts'
import { type HostKeyCheck, hostKeyCheck } from './host-key.ts'
import { type Login, loginConfig } from './login.ts'
import { parseHostKey } from './public-key.ts'
import { type SshSession, session } from './session.ts'

export type ConnectOptions = Login & {
  host: string
  port: number
  /** Default root. */
  user?: string | undefined
  /** The pinned public host key, as in authorized_keys. Any other is refused. */
  hostKey: string
  signal?: AbortSignal | undefined
  /** From the first packet to being logged in, milliseconds; default 20 s. */
  timeoutMs?: number | undefined
  /** A dead line is noticed after three of these without an answer; default 10 s, 0 for never. */
  keepaliveMs?: number | undefined
}

/**
 * Connects and logs in. Neither reads nor writes any known_hosts.
 * @throws SshError (see its codes); UsageError `public-key-malformed`; whatever the signal was aborted with.
 */
export async function connect(options: ConnectOptions): Promise<SshSession> {
  const { host, port, user = 'root', signal, timeoutMs = 20_000, keepaliveMs = 10_000 } = options
  const pinned = parseHostKey(options.hostKey)
  throwIfAborted(signal)
  const { default: ssh2 } = await import('ssh2')
  const hostKey = hostKeyCheck(pinned)
  const client = new ssh2.Client()
  const target = `${user}@${host}:${port}`
  const config: ConnectConfig = {
    ...loginConfig(ssh2.utils.parseKey, options),
    host,
    port,
    username: user,
    hostVerifier: (blob: Buffer) => hostKey.verify(blob),
    algorithms: { serverHostKey: [pinned.type] },
    readyTimeout: 0,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
  }
  const deadline = AbortSignal.timeout(Math.ceil(timeoutMs))
  try {
    const lost = await ready(
      client,
      config,
      { target, hostKey },
      signal ? AbortSignal.any([signal, deadline]) : deadline,
    )
    return session(client, target, lost)
  } catch (error) {
    client.destroy()
    throwIfAborted(signal)
    throw deadline.aborted ? timeoutError(target) : error
  }
}

/** Resolves when logged in, with a signal that aborts (with an SshError) when the connection is gone. */
function ready(
  client: Client,
  config: ConnectConfig,
  { target, hostKey }: { target: string; hostKey: HostKeyCheck },
  end: AbortSignal,
): Promise<AbortSignal> {
  const { promise, resolve, reject } = Promise.withResolvers<AbortSignal>()
  const lost = new AbortController()
  const stop = () => reject(end.reason)
  let first: SshError | undefined
  const fail = (error: SshError) => {
    first ??= error
    reject(first)
    lost.abort(first)
  }
  // ssh2 leaves Nagle's algorithm on, which costs 40 ms at every turn of a dialogue.
  client.on('connect', () => client.setNoDelay(true))
  client.on('ready', () => resolve(lost.signal))
  client.on('error', error => {
    // An agent that does not answer: ssh2 goes on to the next method by itself.
    if ((error as { level?: string }).level !== 'agent') fail(connectError(error, target, hostKey))
  })
  client.on('close', () => fail(droppedError(target, 'the other side closed it')))
  end.addEventListener('abort', stop, { once: true })
  client.connect(config)
  return promise.finally(() => end.removeEventListener('abort', stop))
}
