import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CosmosError, throwIfAborted } from '../errors.ts'
import { askLab, type Counts, type LabAnswer } from './ask.ts'
import { contentsOf } from './contents.ts'
import type { DaemonReport } from './daemon.ts'
import { type LabInfo, readInfo } from './info.ts'
import { isRunning } from './process-life.ts'

export type StartOptions = {
  /** Folder of the lab; made when it is not there. */
  dir: string
  /** Lab seconds per real second; default 1. */
  speed?: number
  port?: number
  seed?: number
  signal?: AbortSignal
}

export type LabStatus = LabInfo & { running: boolean } & Partial<Counts> & { now?: string }

/**
 * Starts the lab of a folder in the background, or finds it running; it goes on when this process ends.
 * @throws CosmosError `lab-port-in-use`, `lab-store-broken`, `lab-failed`
 */
export async function startLab(options: StartOptions): Promise<LabInfo> {
  const { signal, ...given } = options
  const rest = { ...given, dir: resolve(given.dir) }
  const running = await runningInfo(rest.dir)
  if (running) return running
  for (let attempt = 0; attempt < 50; attempt++) {
    throwIfAborted(signal)
    const report = await spawnDaemon(rest, signal)
    // Another start was faster, or a lab that was killed is not quite gone.
    if (!report.ready && report.code !== 'lab-running') throw failed(report, rest.dir)
    const started = await runningInfo(rest.dir)
    if (started) return started
    await pause(200)
  }
  throw new CosmosError(`A process keeps the lab in ${rest.dir} but does not answer.`, {
    code: 'lab-silent',
    hint: `See ${join(rest.dir, 'daemon.log')}; its process is named in ${join(rest.dir, 'lab.lock')}`,
  })
}

function failed(report: DaemonReport & { ready: false }, dir: string): CosmosError {
  const { message, code, hint = `See ${join(dir, 'daemon.log')}` } = report
  return new CosmosError(message, { code, hint })
}

/** What is known of the lab of a folder; undefined when there never was one. */
export async function labStatus(dir: string): Promise<LabStatus | undefined> {
  const info = readInfo(dir)
  if (!info) return undefined
  const answer = await pinged(info)
  return answer ? { ...info, ...answer, running: true } : { ...info, running: false }
}

/** Stops it; everything stays as it is for the next start. True when it ran. */
export async function stopLab(dir: string): Promise<boolean> {
  const info = await runningInfo(dir)
  if (!info) return false
  await askLab(info, 'POST', '/stop')
  await ended(info.pid)
  return true
}

/** Throws everything in the lab away; it stays stopped or started as it was, with the same tokens. */
export async function resetLab(dir: string): Promise<void> {
  const info = await runningInfo(dir)
  if (info) await stopLab(dir)
  for (const path of contentsOf(dir)) rmSync(path, { recursive: true, force: true })
  if (info) await startLab({ dir, speed: info.speed })
}

/** The info of the lab that answers now. */
export async function runningInfo(dir: string): Promise<LabInfo | undefined> {
  const info = readInfo(dir)
  return info && (await pinged(info)) ? info : undefined
}

/** Only the lab of this folder knows the token, and only the process that wrote `lab.json` has the pid. */
async function pinged(info: LabInfo): Promise<LabAnswer | undefined> {
  try {
    const answer = await askLab(info, 'GET', '/status')
    return answer.pid === info.pid ? (answer as LabAnswer) : undefined
  } catch (error) {
    if (error instanceof CosmosError) return undefined
    throw error
  }
}

function spawnDaemon(
  options: Omit<StartOptions, 'signal'>,
  signal: AbortSignal | undefined,
): Promise<DaemonReport> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const output = openSync(join(options.dir, 'daemon.log'), 'a', 0o600)
  const here = fileURLToPath(import.meta.url)
  const entry = here.replace(/control(\.[jt]s)$/, 'daemon$1')
  const child = spawn(process.execPath, [entry, JSON.stringify(options)], {
    detached: true,
    cwd: options.dir,
    env: withoutSecrets(process.env),
    stdio: ['ignore', output, output, 'ipc'],
  })
  closeSync(output)
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      signal?.removeEventListener('abort', abort)
      child.removeAllListeners()
      if (child.connected) child.disconnect()
      child.unref()
      settle()
    }
    const abort = () => finish(() => reject(signal?.reason))
    signal?.addEventListener('abort', abort, { once: true })
    child.once('message', message => finish(() => resolve(message as DaemonReport)))
    child.once('error', error => finish(() => reject(error)))
    child.once('exit', code => finish(() => resolve(diedReport(options.dir, code))))
  })
}

/** It outlives the command that starts it, so the token and the passphrase of a real cloud are not handed on. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(HCLOUD|COSMOS)_/.test(name)))
}

function diedReport(dir: string, code: number | null): DaemonReport {
  const message = `The lab ended before it answered (exit code ${code}).`
  return { ready: false, code: 'lab-failed', message, hint: `See ${join(dir, 'daemon.log')}` }
}

/** Waits for the end of a process that was told to stop; one that does not is killed. */
async function ended(pid: number): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 25) {
    if (pid === process.pid || !isRunning(pid)) return
    await pause(25)
  }
  process.kill(pid, 'SIGKILL')
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
