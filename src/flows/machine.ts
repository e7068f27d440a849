import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config/schema.ts'
import { CosmosError, UsageError } from '../errors.ts'
import { connect, type SshSession, waitForSsh } from '../ssh/index.ts'

/** How to reach a server and prove that it is ours. */
export type Access = {
  host: string
  port: number
  /** Pinned public host key. */
  hostKey: string
  privateKey?: Buffer
  /** Socket of an SSH agent. */
  agent?: string
  /** Between two attempts to reach a machine that boots, milliseconds; default 500. */
  pauseMs?: number
}

/**
 * Where the login key comes from: the file of `ssh.privateKey`, and an SSH agent when there is one.
 * @throws UsageError `ssh-key-missing` when neither is there: better before anything is made than after.
 */
export async function sshLogin(
  config: Config,
  env: NodeJS.ProcessEnv,
): Promise<Pick<Access, 'privateKey' | 'agent'>> {
  const path = expandHome(config.ssh.privateKey)
  const agent = env.SSH_AUTH_SOCK
  try {
    const privateKey = await readFile(path)
    return { privateKey, ...(agent ? { agent } : {}) }
  } catch (cause) {
    if (agent) return { agent }
    throw new UsageError(`There is no SSH private key at ${path}, and no SSH agent is running.`, {
      code: 'ssh-key-missing',
      hint: 'Say where it is under "ssh.privateKey" in cosmos.yaml, or make one: ssh-keygen -t ed25519',
      cause,
    })
  }
}

/** `~` at the start of a path means the home folder. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path
}

/** A server over SSH: connects when first used, and again after a drop. */
export class Machine {
  readonly #access: Access
  #session: SshSession | undefined

  constructor(access: Access) {
    this.#access = access
  }

  get host(): string {
    return this.#access.host
  }

  /** Waits until SSH answers with the pinned key. @param deadlineMs from now */
  async waitUntilReachable(options: {
    signal: AbortSignal
    deadlineMs: number
    onAttempt?: (reason: string) => void
  }): Promise<void> {
    this.#session ??= await waitForSsh({ ...this.#access, user: 'root', ...options })
  }

  async session(signal: AbortSignal): Promise<SshSession> {
    this.#session ??= await connect({ ...this.#access, user: 'root', signal })
    return this.#session
  }

  /** Runs a command that may be repeated: a dropped connection is opened anew, once. Returns stdout. */
  async read(command: string, options: { signal: AbortSignal; timeoutMs?: number }): Promise<string> {
    try {
      return (await (await this.session(options.signal)).run(command, options)).stdout
    } catch (error) {
      if (!isDrop(error)) throw error
      this.close()
      return (await (await this.session(options.signal)).run(command, options)).stdout
    }
  }

  close(): void {
    this.#session?.close()
    this.#session = undefined
  }
}

/** Whether the connection was lost or could not be made this time; a wrong host key is never that. */
export function isDrop(error: unknown): boolean {
  return error instanceof CosmosError && ['ssh-dropped', 'ssh-timeout', 'ssh-refused'].includes(error.code)
}
