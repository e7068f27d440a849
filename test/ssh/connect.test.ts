import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { inspect } from 'node:util'
import ssh2 from 'ssh2'
import { InterruptedError, UsageError } from '../../src/errors.ts'
import {
  connect,
  fingerprint,
  generateKeyPair,
  SshError,
  type SshErrorCode,
  waitForSsh,
} from '../../src/ssh/index.ts'
import { hostKeys, sshd, userKeys } from './sshd.ts'

const code = (wanted: SshErrorCode) => (error: unknown) => {
  assert(error instanceof SshError, inspect(error))
  assert.equal(error.code, wanted, inspect(error))
  return true
}

const servers: Server[] = []
afterEach(() => servers.splice(0).map(server => server.close()))

/** A TCP server that does what the test says with each connection. */
async function tcp(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer({}, onConnection)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

function relay(socket: Socket, port: number): void {
  const onward = createConnection(port, '127.0.0.1')
  for (const [from, to] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    from.pipe(to)
    from.on('error', () => to.destroy())
  }
}

const access = { host: '127.0.0.1', hostKey: hostKeys.publicKey, privateKey: userKeys.privateKey }

describe('connecting over SSH', () => {
  it('logs in where the pinned key answers', async () => {
    const server = await sshd()
    const session = await server.connect()
    assert(session.isOpen())
    session.close()
    assert(!session.isOpen())
  })

  it('refuses another host key loudly, and sends nothing', async () => {
    const other = generateKeyPair('evil')
    const asked: string[] = []
    const server = await sshd({
      hostKey: other.privateKey,
      admits: () => {
        asked.push('login')
        return userKeys.publicKey
      },
    })
    await assert.rejects(server.connect(), (error: SshError) => {
      code('ssh-host-key')(error)
      assert.match(error.message, /IS NOT THE SERVER.*man in the middle/s)
      assert.deepEqual(error.details.slice(0, 2), [
        `expected: ${fingerprint(hostKeys.publicKey)}`,
        `seen:     ${fingerprint(other.publicKey)}`,
      ])
      return true
    })
    assert.deepEqual(asked, [])
  })

  it('refuses a server that has no key of the pinned type', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const server = await sshd({ hostKey: rsa.export({ type: 'pkcs1', format: 'pem' }).toString() })
    await assert.rejects(server.connect(), code('ssh-host-key'))
  })

  it('pins nothing but ed25519', async () => {
    const port = await tcp(() => assert.fail('connected'))
    const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 1024 }).public
    for (const hostKey of [rsa, 'nonsense', '']) {
      await assert.rejects(connect({ ...access, port, hostKey }), UsageError)
    }
  })

  it('says that our key is not accepted', async () => {
    const server = await sshd({ admits: () => undefined })
    await assert.rejects(server.connect(), code('ssh-auth'))
  })

  it('says that there is no key, or none that can be used', async () => {
    const port = await tcp(() => assert.fail('connected'))
    await assert.rejects(connect({ host: '127.0.0.1', port, hostKey: hostKeys.publicKey }), code('ssh-auth'))
    await assert.rejects(connect({ ...access, port, privateKey: 'nonsense' }), code('ssh-auth'))
  })

  it('falls back to the key when the agent is gone, and the other way says so', async () => {
    const server = await sshd()
    const session = await connect({ ...server.access, agent: '/nonexistent/agent.sock' })
    session.close()
    const { privateKey: _, ...rest } = server.access
    await assert.rejects(connect({ ...rest, agent: '/nonexistent/agent.sock' }), code('ssh-auth'))
  })

  it('says that nobody answers', async () => {
    const server = await sshd()
    await server.close()
    await assert.rejects(connect(server.access), code('ssh-refused'))
    await assert.rejects(connect({ ...access, host: 'no-such-host.invalid', port: 22 }), code('ssh-refused'))
  })

  it('does not wait for ever for a server that says nothing', async () => {
    const port = await tcp(socket => socket.resume())
    await assert.rejects(connect({ ...access, port, timeoutMs: 100 }), code('ssh-timeout'))
  })

  it('says that the connection broke off, or spoke no SSH', async () => {
    const closing = await tcp(socket => socket.end())
    await assert.rejects(connect({ ...access, port: closing }), code('ssh-dropped'))
    const resetting = await tcp(socket => socket.resetAndDestroy())
    await assert.rejects(connect({ ...access, port: resetting }), code('ssh-dropped'))
    const web = await tcp(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await assert.rejects(connect({ ...access, port: web }), code('ssh-dropped'))
  })

  it('ends when aborted', async () => {
    const abort = new AbortController()
    const port = await tcp(() => abort.abort())
    await assert.rejects(connect({ ...access, port, signal: abort.signal }), InterruptedError)
    await assert.rejects(connect({ ...access, port, signal: abort.signal }), InterruptedError)
  })

  it('shows no key in an error or a session', async () => {
    const secret = userKeys.privateKey.split('\n')[2] ?? ''
    const server = await sshd()
    const session = await server.connect()
    assert(!inspect(session, { depth: 9, showHidden: true }).includes(secret))
    session.close()
    await server.close()
    const error = await server.connect().catch(error => error)
    assert(!inspect(error, { depth: 9, showHidden: true }).includes(secret))
  })
})

describe('waiting for SSH', () => {
  const patience = { deadlineMs: 5000, pauseMs: 5 }

  it('goes on while nobody answers, until somebody does', async () => {
    let left = 3
    const server = await sshd()
    const port = await tcp(socket => {
      if (left-- > 0) socket.resetAndDestroy()
      else relay(socket, server.port)
    })
    const reasons: string[] = []
    const session = await waitForSsh({
      ...access,
      port,
      ...patience,
      onAttempt: reason => reasons.push(reason),
    })
    assert.equal(reasons.length, 3)
    session.close()
  })

  it('stops at once at another host key', async () => {
    const server = await sshd({ hostKey: generateKeyPair('evil').privateKey })
    const attempts: string[] = []
    const waiting = waitForSsh({ ...server.access, ...patience, onAttempt: reason => attempts.push(reason) })
    await assert.rejects(waiting, code('ssh-host-key'))
    assert.deepEqual(attempts, [])
  })

  it('bears a refused login for a moment, while keys are still being written', async () => {
    let asked = 0
    const server = await sshd({ admits: () => (asked++ < 3 ? undefined : userKeys.publicKey) })
    const session = await waitForSsh({ ...server.access, ...patience })
    session.close()
  })

  it('does not bear a refused login for ever', async () => {
    const server = await sshd({ admits: () => undefined })
    await assert.rejects(waitForSsh({ ...server.access, ...patience, authGraceMs: 50 }), code('ssh-auth'))
  })

  it('fails at the deadline, and says what the last attempt met', async () => {
    const server = await sshd()
    await server.close()
    await assert.rejects(waitForSsh({ ...server.access, deadlineMs: 60, pauseMs: 5 }), (error: SshError) => {
      code('ssh-timeout')(error)
      return /Nothing answers SSH/.test(error.details[0] ?? '')
    })
  })

  it('ends when aborted', async () => {
    const server = await sshd()
    await server.close()
    const abort = new AbortController()
    const onAttempt = () => abort.abort()
    const waiting = waitForSsh({
      ...server.access,
      deadlineMs: 90_000,
      pauseMs: 60_000,
      signal: abort.signal,
      onAttempt,
    })
    await assert.rejects(waiting, InterruptedError)
  })
})
