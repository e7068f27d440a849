import type { ServerChannel } from 'ssh2'
import { parse } from 'unbash'
import type { Guest } from '../guest.ts'
import { runShell } from '../shell/exec.ts'
import { Killed, type Process } from '../shell/process.ts'
import { runText } from '../shell/script.ts'
import { defaultPath, Leave, Shell } from '../shell/shell.ts'
import { type Channel, OpenFile, pipe } from '../shell/streams.ts'

const login = (user: string): Record<string, string> => {
  const home = user === 'root' ? '/root' : `/home/${user}`
  return { PATH: defaultPath, HOME: home, USER: user, LOGNAME: user, SHELL: '/bin/bash', LANG: 'C.UTF-8' }
}

/** Writes to an SSH channel, waiting when the client does not read. Released descriptors are counted by `closed`. */
function output(
  stream: { write(data: Buffer): boolean; once(event: 'drain', done: () => void): unknown },
  closed: () => void,
  isTty: boolean,
): OpenFile {
  const channel: Channel = {
    read: async () => null,
    async write(data, signal) {
      signal.throwIfAborted()
      const bytes = isTty
        ? Buffer.from(data.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1')
        : data
      if (!stream.write(bytes)) await new Promise<void>(resolve => stream.once('drain', resolve))
    },
    close: closed,
    isTty,
  }
  return new OpenFile(channel)
}

/** `ssh host command`: runs the text with the channel as its streams and sends the exit code when all are closed. */
export async function exec(
  guest: Guest,
  channel: ServerChannel,
  command: string,
  options: { user: string; env: Record<string, string>; tty: boolean; started: (process: Process) => void },
): Promise<void> {
  const input = pipe()
  const never = new AbortController().signal
  channel.on('data', (data: Buffer) => {
    void input.writer.write(data, never).catch(() => undefined)
  })
  channel.on('end', () => input.writer.release())
  let open = 2
  let allClosed: () => void = () => undefined
  const closed = new Promise<void>(resolve => {
    allClosed = resolve
  })
  const close = () => {
    open -= 1
    if (open === 0) allClosed()
  }
  const stdout = output(channel, close, options.tty)
  const stderr = output(options.tty ? channel : channel.stderr, close, options.tty)
  const env = { ...login(options.user), ...options.env }
  const code = await runShell(guest, command, {
    env,
    cwd: env.HOME ?? '/root',
    commandString: true,
    fds: new Map([
      [0, input.reader],
      [1, stdout],
      [2, stderr],
    ]),
    cgroup: '/user.slice/user-0.slice',
    started: options.started,
  })
  stdout.release()
  stderr.release()
  await closed
  channel.exit(code)
  channel.end()
}

/** `ssh host`: a prompt, lines, Ctrl-C and Ctrl-D; echo is ours as it would be the terminal driver's. */
export async function interactive(
  guest: Guest,
  channel: ServerChannel,
  options: { user: string; tty: boolean; started: (process: Process) => void },
): Promise<void> {
  const env = login(options.user)
  const process = guest.processes.spawn({
    argv: ['-bash'],
    cwd: env.HOME ?? '/root',
    cgroup: '/user.slice/user-0.slice',
  })
  options.started(process)
  const stdout = output(channel, () => undefined, options.tty)
  const lines = new LineEditor(channel, options.tty, () => guest.processes.killTree(process.pid, 2, true))
  const shell = new Shell(guest, {
    process,
    name: '-bash',
    fds: new Map([
      [0, lines.file],
      [1, stdout],
      [2, stdout.retain()],
    ]),
    env,
  })
  shell.interactive = true
  let code = 0
  try {
    await stdout.write(`Welcome to the lab: ${guest.spec.image}, simulated.\n\n`, shell.signal)
    while (true) {
      const where = shell.cwd === env.HOME ? '~' : shell.cwd
      if (options.tty) await stdout.write(`${options.user}@${guest.hostname()}:${where}# `, shell.signal)
      let text = await lines.next(shell.signal)
      if (text === null) break
      while (parse(text).errors?.length) {
        if (options.tty) await stdout.write('> ', shell.signal)
        const more = await lines.next(shell.signal)
        if (more === null) break
        text += `\n${more}`
      }
      code = await runText(shell, text)
    }
    code = shell.status
  } catch (error) {
    if (error instanceof Leave) code = error.count
    else if (error instanceof Killed || shell.signal.aborted) code = 129
    else throw error
  } finally {
    guest.processes.remove(process)
  }
  channel.exit(code)
  channel.end()
}

/** Turns keystrokes into lines, for the prompt and for programs that read the terminal. */
class LineEditor {
  readonly file: OpenFile
  readonly #waiting: ((line: string | null) => void)[] = []
  readonly #ready: (string | null)[] = []

  constructor(channel: ServerChannel, tty: boolean, interrupt: () => void) {
    let line = ''
    const deliver = (text: string | null) => {
      const waiter = this.#waiting.shift()
      if (waiter) waiter(text)
      else this.#ready.push(text)
    }
    channel.on('data', (data: Buffer) => {
      for (const char of data.toString('utf8')) {
        if (char === '\x03') {
          if (tty) channel.write('^C\r\n')
          line = ''
          interrupt()
          if (this.#waiting.length > 0) deliver('')
        } else if (char === '\x04') {
          if (line === '') deliver(null)
        } else if (char === '\r' || char === '\n') {
          if (tty) channel.write('\r\n')
          deliver(line)
          line = ''
        } else if (char === '\x7f' || char === '\b') {
          if (line !== '' && tty) channel.write('\b \b')
          line = line.slice(0, -1)
        } else {
          line += char
          if (tty) channel.write(char)
        }
      }
    })
    channel.on('end', () => {
      if (line !== '') deliver(line)
      deliver(null)
    })
    this.file = new OpenFile({
      read: async signal => {
        const text = await this.next(signal)
        return text === null ? null : Buffer.from(`${text}\n`)
      },
      write: async data => void channel.write(data),
      close: () => undefined,
      isTty: tty,
    })
  }

  next(signal: AbortSignal): Promise<string | null> {
    const ready = this.#ready.shift()
    if (ready !== undefined) return Promise.resolve(ready)
    return new Promise((resolve, reject) => {
      const take = (line: string | null) => {
        signal.removeEventListener('abort', abort)
        resolve(line)
      }
      const abort = () => {
        const at = this.#waiting.indexOf(take)
        if (at >= 0) this.#waiting.splice(at, 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.push(take)
    })
  }
}
