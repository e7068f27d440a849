import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { InterruptedError } from '../../src/errors.ts'
import { mustSucceed, RemoteCommandError, type SshError, type SshErrorCode } from '../../src/ssh/index.ts'
import { type Command, drop, finish, sshd } from './sshd.ts'

const code = (wanted: SshErrorCode) => (error: SshError) => error.code === wanted
const on = async (onCommand: (command: Command) => void) => (await sshd({ onCommand })).connect()
const echo = ({ channel }: Command) => {
  channel.on('data', (chunk: Buffer) => channel.write(chunk))
  channel.on('end', () => finish(channel, 0))
}

describe('running a command', () => {
  it('gives its exit code and what it said', async () => {
    const session = await on(({ channel }) => {
      channel.stderr.write('no such file\n')
      channel.write('partly done\n')
      finish(channel, 7)
    })
    assert.deepEqual(await session.run('cp a b'), {
      command: 'cp a b',
      code: 7,
      stdout: 'partly done\n',
      stderr: 'no such file\n',
    })
  })

  it('gives the signal that ended it', async () => {
    const session = await on(({ channel }) => {
      channel.exit('KILL', false, 'out of memory')
      channel.end()
    })
    const { code, signal } = await session.run('k3s')
    assert.deepEqual({ code, signal }, { code: null, signal: 'SIGKILL' })
  })

  it('sends text, bytes and streams as input', async () => {
    const session = await on(echo)
    for (const stdin of ['grüße', Buffer.from('grüße'), Readable.from(['grü', 'ße'])]) {
      assert.equal((await session.run('cat', { stdin })).stdout, 'grüße')
    }
    assert.equal((await session.run('cat')).stdout, '')
  })

  it('takes big output and big input whole', async () => {
    const session = await on(echo)
    const stdin = Buffer.alloc(8 * 1024 * 1024, 'cosmos ')
    const { stdout } = await session.run('cat', { stdin })
    assert(Buffer.from(stdout).equals(stdin))
  })

  it('does not mind a command that reads nothing of its input', async () => {
    const session = await on(({ channel }) => finish(channel, 0))
    assert.equal((await session.run('true', { stdin: Buffer.alloc(8 * 1024 * 1024) })).code, 0)
  })

  it('fails with what its input failed with', async () => {
    const session = await on(({ channel }) => channel.resume())
    const broken = new Readable({
      read() {
        this.destroy(new Error('disk on fire'))
      },
    })
    await assert.rejects(session.run('cat > x', { stdin: broken }), /disk on fire/)
    assert(session.isOpen())
  })

  it('hands output on as it comes, without tearing letters', async () => {
    const bytes = Buffer.from('grüße')
    const session = await on(async ({ channel }) => {
      channel.write(bytes.subarray(0, 3))
      await new Promise(setImmediate)
      channel.write(bytes.subarray(3))
      finish(channel, 0)
    })
    let seen = ''
    const { stdout } = await session.run('tail -f', { onStdout: text => (seen += text), keepOutput: false })
    assert.deepEqual([seen, stdout], ['grüße', ''])
  })

  it('runs several side by side', async () => {
    const session = await on(({ command, channel }) => {
      channel.write(command)
      finish(channel, 0)
    })
    const results = await Promise.all(['a', 'b', 'c'].map(each => session.run(each)))
    assert.deepEqual(
      results.map(each => each.stdout),
      ['a', 'b', 'c'],
    )
  })

  it('fails when the line drops in the middle, and ever after', async () => {
    const session = await on(({ channel, connection }) => channel.write('begun', () => drop(connection)))
    await assert.rejects(session.run('sleep 9'), code('ssh-dropped'))
    assert(!session.isOpen())
    await assert.rejects(session.run('true'), code('ssh-dropped'))
  })

  it('does not mind a line that drops after the exit code has come', async () => {
    const session = await on(({ channel, connection }) => {
      finish(channel, 0)
      channel.on('close', () => drop(connection))
    })
    assert.equal((await session.run('reboot')).code, 0)
  })

  it('fails when the command is cut off without an exit code', async () => {
    const session = await on(({ channel }) => channel.close())
    await assert.rejects(session.run('x'), code('ssh-dropped'))
  })

  it('ends at its time-out and when aborted, and the session stays usable', async () => {
    const session = await on(({ command, channel }) => {
      if (command !== 'hang') finish(channel, 0)
    })
    await assert.rejects(session.run('hang', { timeoutMs: 50 }), code('ssh-timeout'))
    const abort = new AbortController()
    const running = session.run('hang', { signal: abort.signal })
    abort.abort()
    await assert.rejects(running, InterruptedError)
    assert.equal((await session.run('true')).code, 0)
  })

  it('fails after close', async () => {
    const session = await on(echo)
    session.close()
    await assert.rejects(session.run('true'), code('ssh-dropped'))
  })
})

describe('a failed command as an error', () => {
  const failed = { command: "kubectl get 'pods'", code: 1, stdout: 'out', stderr: 'line\n'.repeat(40) }

  it('carries the command as it can be pasted, the code and the end of the output', () => {
    assert.throws(
      () => mustSucceed(failed),
      (error: RemoteCommandError) => {
        assert(error instanceof RemoteCommandError)
        assert.match(error.message, /exit code 1: kubectl get 'pods'$/)
        assert.equal(error.hint, `Try it there: cosmos ssh -- 'kubectl get '\\''pods'\\'''`)
        assert.equal(error.remoteExitCode, 1)
        assert.equal(error.details.length, 15)
        return true
      },
    )
  })

  it('shows what was said on stdout when stderr is empty', () => {
    assert.throws(
      () => mustSucceed({ ...failed, stderr: '' }),
      (error: RemoteCommandError) => error.details[0] === 'out',
    )
  })

  it('lets a success through', () => assert.equal(mustSucceed({ ...failed, code: 0 }).stdout, 'out'))
})

describe('uploading a file', () => {
  it('sends the bytes, checks that all have come, and only then puts it in place', async () => {
    let received = Buffer.alloc(0)
    let ran = ''
    const session = await on(({ command, channel }) => {
      ran = command
      channel.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
      })
      channel.on('end', () => finish(channel, 0))
    })
    const content = Buffer.from([0, 1, 2, 255])
    await session.upload("/root/it's here", content, 0o600)
    assert(received.equals(content))
    assert.equal(
      ran,
      `umask 077 && cat > '/root/it'\\''s here.upload' && test "$(wc -c < '/root/it'\\''s here.upload')" -eq 4 && ` +
        `chmod 0600 '/root/it'\\''s here.upload' && mv -f '/root/it'\\''s here.upload' '/root/it'\\''s here'`,
    )
  })

  it('fails when the server cannot write it', async () => {
    const session = await on(({ channel }) => {
      channel.stderr.write('No space left on device\n')
      channel.resume()
      finish(channel, 1)
    })
    await assert.rejects(session.upload('/data/x', 'x', 0o644), RemoteCommandError)
  })
})

describe('an interactive command', () => {
  const terminal = (size: { columns: number; rows: number }) => {
    const raw: boolean[] = []
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) })
    const stdout = Object.assign(new PassThrough(), { isTTY: true, ...size })
    return { stdin, stdout, stderr: new PassThrough(), raw }
  }

  it('gets a terminal of the same size, which follows', async () => {
    const sizes: unknown[] = []
    const here = terminal({ columns: 100, rows: 30 })
    const server = await sshd({
      onResize: ({ cols, rows }) => {
        sizes.push([cols, rows])
        here.stdin.write('exit\n')
      },
      onCommand: ({ command, channel, pty }) => {
        sizes.push([command, pty?.cols, pty?.rows])
        channel.write('prompt# ')
        channel.on('data', () => finish(channel, 3))
      },
    })
    const session = await server.connect()
    const running = session.interactive(here)
    await once(here.stdout, 'data')
    Object.assign(here.stdout, { columns: 120, rows: 40 }).emit('resize')
    assert.equal((await running).code, 3)
    assert.deepEqual(sizes, [
      ['(shell)', 100, 30],
      [120, 40],
    ])
    assert.deepEqual(here.raw, [true, false])
    assert.equal(here.stdout.listenerCount('resize'), 0)
  })

  it('gets no terminal in a pipe, and keeps stdout and stderr apart', async () => {
    let pty: unknown = 'not asked'
    const session = await on(({ channel, pty: asked }) => {
      pty = asked
      channel.stderr.write('warning')
      channel.on('data', (chunk: Buffer) => channel.write(chunk.toString().toUpperCase()))
      channel.on('end', () => finish(channel, 0))
    })
    const streams = { stdin: Readable.from(['abc']), stdout: new PassThrough(), stderr: new PassThrough() }
    assert.equal((await session.interactive({ command: 'tr a-z A-Z', ...streams })).code, 0)
    assert.deepEqual(
      [pty, String(streams.stdout.read()), String(streams.stderr.read())],
      [undefined, 'ABC', 'warning'],
    )
  })

  it('gives the terminal back when the line drops', async () => {
    const here = terminal({ columns: 80, rows: 24 })
    const session = await on(({ connection }) => drop(connection))
    await assert.rejects(session.interactive(here), code('ssh-dropped'))
    assert.equal(here.raw.at(-1) ?? false, false)
  })
})
