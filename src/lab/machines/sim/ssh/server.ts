import { createServer, type Socket, type Server as TcpServer } from 'node:net'
import ssh2, { type Connection } from 'ssh2'
import type { MachineFaults } from '../../machine.ts'
import type { Guest } from '../guest.ts'
import type { Process } from '../shell/process.ts'
import { isPrivateKey } from './host-key.ts'
import { exec, interactive } from './session.ts'
import { readSshdConfig } from './sshd-config.ts'

const { Server, utils } = ssh2

/** sshd of one machine: listens on its addresses while it runs, knows its host keys and who may log in. */
export class SshServer {
  readonly #guest: Guest
  readonly #faults: MachineFaults
  readonly #log: (line: string) => void
  #listeners: TcpServer[] = []
  readonly #sockets = new Set<Socket>()
  /** A start that is under way, so that stop and start keep their order. */
  #work: Promise<void> = Promise.resolve()

  constructor(guest: Guest, faults: MachineFaults, log: (line: string) => void) {
    this.#guest = guest
    this.#faults = faults
    this.#log = log
  }

  /** Binds the addresses of the machine. Without a readable host key sshd does not start, as in life. */
  start(): Promise<void> {
    this.#work = this.#work.then(() => this.#start())
    return this.#work
  }

  /** Stops listening; with `cut`, open connections die too. */
  stop(cut: boolean): Promise<void> {
    this.#work = this.#work.then(() => this.#stop(cut))
    return this.#work
  }

  async #start(): Promise<void> {
    const guest = this.#guest
    const config = readSshdConfig(guest.vfs)
    const hostKeys = config.hostKeys
      .filter(path => guest.vfs.exists(path))
      .map(path => guest.vfs.readText(path))
      .filter(isPrivateKey)
    if (hostKeys.length === 0) {
      guest.journal.write('ssh.service', 'sshd', 'sshd: no hostkeys available -- exiting.')
      return
    }
    const server = new Server(
      { hostKeys, ident: 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.14' },
      (connection, { port }) => this.#serve(connection, port, config.permitRoot),
    )
    const { ipv4, ipv6 } = guest.addresses
    for (const address of [ipv4, ipv6]) {
      if (address === null || (address.includes(':') && address !== '::1')) continue
      const listener = createServer(socket => this.#accept(socket, server))
      await new Promise<void>(resolve => {
        listener.once('error', error => {
          this.#log(
            `server ${guest.spec.id}: cannot listen on ${address} port ${config.port}: ${error.message}`,
          )
          guest.journal.write(
            'ssh.service',
            'sshd',
            `error: Bind to port ${config.port} on ${address} failed: ${error.message}.`,
          )
          resolve()
        })
        listener.listen(config.port, address, () => {
          this.#listeners.push(listener)
          resolve()
        })
      })
    }
    guest.journal.write('ssh.service', 'sshd', `Server listening on 0.0.0.0 port ${config.port}.`)
  }

  async #stop(cut: boolean): Promise<void> {
    const listeners = this.#listeners
    this.#listeners = []
    if (cut) for (const socket of this.#sockets) socket.destroy()
    await Promise.all(
      listeners.map(
        listener =>
          new Promise<void>(resolve => {
            listener.close(() => resolve())
            if (!cut) resolve()
          }),
      ),
    )
  }

  #accept(socket: Socket, server: InstanceType<typeof Server>): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const fault = this.#faults.ssh(this.#guest.spec.id)
    if (fault === 'refuse') {
      socket.resetAndDestroy()
      return
    }
    if (fault === 'hang') {
      socket.on('data', () => undefined)
      return
    }
    if (fault === 'drop' && socket.remotePort !== undefined) this.#dropping.set(socket.remotePort, socket)
    server.injectSocket(socket)
  }

  /** Connections that are to be cut at their first command, by the client's port. */
  readonly #dropping = new Map<number, Socket>()

  #serve(connection: Connection, port: number, permitRoot: boolean): void {
    const guest = this.#guest
    let user = 'root'
    const drop = this.#dropping.get(port)
    this.#dropping.delete(port)
    const processes = new Set<Process>()
    connection.on('error', () => undefined)
    connection.on('authentication', context => {
      if (context.method !== 'publickey') return context.reject(['publickey'])
      user = context.username
      const key = this.#authorized(user, permitRoot).find(
        one => context.key.algo === one.type && context.key.data.equals(one.getPublicSSH()),
      )
      const isValid =
        key !== undefined &&
        (!context.signature ||
          key.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo) === true)
      if (!isValid) return context.reject(['publickey'])
      if (context.signature)
        guest.journal.write(
          'ssh.service',
          'sshd',
          `Accepted publickey for ${user} from 127.0.0.1 port 40000 ssh2`,
        )
      context.accept()
    })
    connection.on('close', () => {
      for (const process of processes) guest.processes.killTree(process.pid, 1)
    })
    connection.on('ready', () => {
      connection.on('session', accept => {
        const session = accept()
        const env: Record<string, string> = {}
        let tty = false
        session.on('env', (accepted, _reject, info) => {
          env[info.key] = info.val
          accepted?.()
        })
        session.on('pty', accepted => {
          tty = true
          accepted?.()
        })
        session.on('window-change', accepted => accepted?.())
        session.on('signal', (accepted, _reject, info) => {
          for (const process of processes)
            guest.processes.killTree(process.pid, info.name === 'KILL' ? 9 : info.name === 'INT' ? 2 : 15)
          accepted?.()
        })
        const started = (process: Process) => void processes.add(process)
        session.on('exec', (accepted, _reject, info) => {
          const channel = accepted()
          channel.on('close', () => {
            for (const process of processes) guest.processes.killTree(process.pid, 1)
          })
          void exec(guest, channel, info.command, { user, env, tty, started }).catch(error =>
            this.#log(`server ${guest.spec.id}: ${String(error)}`),
          )
          if (drop) {
            guest.clock.sleep(500).then(
              () => drop.destroy(),
              () => drop.destroy(),
            )
          }
        })
        session.on('shell', accepted => {
          const channel = accepted()
          void interactive(guest, channel, { user, tty, started }).catch(error =>
            this.#log(`server ${guest.spec.id}: ${String(error)}`),
          )
        })
      })
    })
  }

  /** Keys in authorized_keys of that user; options in front of a key are honoured as far as they lock it. */
  #authorized(user: string, permitRoot: boolean): ssh2.ParsedKey[] {
    if (user === 'root' && !permitRoot) return []
    const path = `${user === 'root' ? '/root' : `/home/${user}`}/.ssh/authorized_keys`
    const { vfs } = this.#guest
    if (!vfs.exists(path)) return []
    return vfs
      .readText(path)
      .split('\n')
      .filter(line => /^(ssh-|ecdsa-|sk-)/.test(line.trim()))
      .flatMap(line => {
        const key = utils.parseKey(line.trim())
        return key instanceof Error ? [] : [Array.isArray(key) ? (key[0] as ssh2.ParsedKey) : key]
      })
  }
}
