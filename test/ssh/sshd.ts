import type { Socket } from 'node:net'
import ssh2, { type Connection, type PseudoTtyInfo, type ServerChannel, type WindowChangeInfo } from 'ssh2'
import { connect, generateKeyPair } from '../../src/ssh/index.ts'

export const hostKeys = generateKeyPair('host')
export const userKeys = generateKeyPair('user')

export type Command = {
  command: string
  channel: ServerChannel
  pty: PseudoTtyInfo | undefined
  connection: Connection
}
type Options = {
  hostKey?: string
  /** Public key line that may log in; undefined lets nobody in. */
  admits?: () => string | undefined
  onCommand?: (command: Command) => void
  onResize?: (size: WindowChangeInfo) => void
}

const open = new Set<() => Promise<void>>()
afterEach(() => Promise.all([...open].map(close => close())))

/** A real SSH server on a loopback port that runs what the test says. */
export async function sshd({ hostKey = hostKeys.privateKey, onResize, ...options }: Options = {}) {
  const admits = options.admits ?? (() => userKeys.publicKey)
  const onCommand = options.onCommand ?? (({ channel }) => finish(channel, 0))
  const connections = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [hostKey] }, connection => {
    connections.add(connection)
    socketOf(connection).setNoDelay(true)
    connection.on('error', () => connection.end())
    connection.on('close', () => connections.delete(connection))
    connection.on('authentication', context => {
      if (context.method !== 'publickey' || !isKey(context.key.data, admits()))
        return context.reject(['publickey'])
      if (context.signature && context.blob && !verifies(context, admits())) return context.reject()
      context.accept()
    })
    connection.on('session', accept => {
      const session = accept()
      let pty: PseudoTtyInfo | undefined
      session.on('pty', (ok, _reject, info) => {
        pty = info
        ok?.()
      })
      session.on('window-change', (ok, _reject, info) => {
        onResize?.(info)
        ok?.()
      })
      session.on('exec', (ok, _reject, { command }) => onCommand({ command, channel: ok(), pty, connection }))
      session.on('shell', ok => onCommand({ command: '(shell)', channel: ok(), pty, connection }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = async () => {
    open.delete(close)
    for (const connection of connections) socketOf(connection).destroy()
    await new Promise<void>(resolve => server.close(() => resolve()))
  }
  open.add(close)
  const access = { host: '127.0.0.1', port, hostKey: hostKeys.publicKey, privateKey: userKeys.privateKey }
  return { port, access, connections, close, connect: () => connect(access) }
}

export function finish(channel: ServerChannel, code: number): void {
  channel.exit(code)
  channel.end()
}

/** ssh2 keeps it to itself. */
function socketOf(connection: Connection): Socket {
  return (connection as unknown as { _sock: Socket })._sock
}

/** The connection is gone without a word, as when the machine loses its power. */
export function drop(connection: Connection): void {
  socketOf(connection).destroy()
}

function isKey(data: Buffer, line: string | undefined): boolean {
  return line !== undefined && data.equals(Buffer.from(line.split(' ')[1] ?? '', 'base64'))
}

function verifies(context: ssh2.PublicKeyAuthContext, line: string | undefined): boolean {
  const key = ssh2.utils.parseKey(line ?? '')
  return (
    !(key instanceof Error) &&
    context.signature !== undefined &&
    key.verify(context.blob as Buffer, context.signature)
  )
}
