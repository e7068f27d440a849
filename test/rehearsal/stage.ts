import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = join(import.meta.dirname, '..', '..', 'bin', 'run.js')

/** Lab seconds per real second: fast enough for a suite, slow enough that things still overlap. */
const speed = 200

export type Outcome = {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** With `--json`: every line, and the last one by itself. */
  // biome-ignore lint/suspicious/noExplicitAny: shapes differ by command; the tests say what they expect
  events: any[]
  // biome-ignore lint/suspicious/noExplicitAny: as above
  result: any
}

export type Play = { done: Promise<Outcome>; child: ChildProcess }

/** A folder, a lab of its own in it, and the real program: argv in, streams and exit code out. */
export class Stage {
  readonly dir = mkdtempSync(join(tmpdir(), 'cosmos-rehearsal-'))
  readonly labDir = join(this.dir, '.cosmos', 'lab')
  readonly projectDir = join(this.labDir, 'project')
  env: NodeJS.ProcessEnv = {}

  /** Starts the program and does not wait. */
  play(...args: string[]): Play {
    const child = spawn(process.execPath, [run, ...args], {
      cwd: this.dir,
      env: { ...withoutSecrets(process.env), CI: '1', COSMOS_POLL_INTERVAL: '500', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const stdout = gather(child.stdout)
    const stderr = gather(child.stderr)
    const done = new Promise<Outcome>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve(outcome(code, signal, stdout(), stderr())))
    })
    return { child, done }
  }

  /** Runs the program to its end. */
  cosmos(...args: string[]): Promise<Outcome> {
    return this.play(...args).done
  }

  /** Runs it and expects success. */
  async ok(...args: string[]): Promise<Outcome> {
    const outcome = await this.cosmos(...args)
    if (outcome.code !== 0)
      throw new Error(
        `cosmos ${args.join(' ')} ended with ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`,
      )
    return outcome
  }

  /** @param flags besides the speed, or another speed */
  async startLab(flags: readonly string[] = []): Promise<void> {
    await this.ok('lab', 'start', ...(flags.includes('--speed') ? [] : ['--speed', String(speed)]), ...flags)
  }

  get lab(): { endpoint: string; token: string; readonlyToken: string } {
    return JSON.parse(readFileSync(join(this.labDir, 'lab.json'), 'utf8'))
  }

  // biome-ignore lint/suspicious/noExplicitAny: the state as it lies on disk
  get state(): any {
    return JSON.parse(readFileSync(join(this.projectDir, '.cosmos', 'state.json'), 'utf8'))
  }

  /** Calls the lab's API as any client would. */
  // biome-ignore lint/suspicious/noExplicitAny: answers as on the wire
  async api(method: string, path: string, body?: unknown): Promise<any> {
    const { endpoint, token } = this.lab
    const answer = await fetch(`${endpoint}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** Requests the lab has answered so far. */
  get requests(): { method: string; path: string; status: number }[] {
    const path = join(this.labDir, 'log.jsonl')
    if (!existsSync(path)) return []
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
    return lines.map(line => JSON.parse(line)).filter(entry => entry.method !== undefined)
  }

  async close(): Promise<void> {
    await this.cosmos('lab', 'stop')
    rmSync(this.dir, { recursive: true, force: true })
  }
}

function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(HCLOUD|COSMOS|SSH_AUTH)/.test(name)))
}

function gather(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}

function outcome(
  code: number | null,
  signal: NodeJS.Signals | null,
  stdout: string,
  stderr: string,
): Outcome {
  const events = stdout.split('\n').flatMap(line => {
    try {
      return line.startsWith('{') ? [JSON.parse(line)] : []
    } catch {
      return []
    }
  })
  return { code, signal, stdout, stderr, events, result: events.at(-1) }
}
