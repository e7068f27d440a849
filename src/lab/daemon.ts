/** Entry of the background process: serves a lab until it is told to stop. The options come as one JSON argument. */
import { CosmosError, messageOf } from '../errors.ts'
import { readInfo } from './info.ts'
import { type ServedLab, type ServeOptions, serveLab } from './serve-lab.ts'

export type DaemonReport =
  | { ready: true }
  | { ready: false; code: string; message: string; hint?: string | undefined }

const options = JSON.parse(process.argv[2] ?? '{}') as ServeOptions
let lab: ServedLab | undefined

/** How often it looks whether its folder is still there, real milliseconds. */
const folderCheckMs = 2_000

/** A folder that was deleted took with it what `cosmos lab stop` needs, so the process ends by itself. */
function stopWhenOrphaned(): void {
  if (readInfo(options.dir)?.pid !== process.pid) stop()
}

function stop(): void {
  lab?.close().catch(fail)
}

function fail(error: unknown): void {
  const known = error instanceof CosmosError ? error : undefined
  report({ ready: false, code: known?.code ?? 'lab-failed', message: messageOf(error), hint: known?.hint })
  process.stderr.write(`${known?.message ?? (error instanceof Error ? error.stack : String(error))}\n`)
  process.exitCode = 1
}

function report(message: DaemonReport): void {
  if (!process.connected) return
  process.send?.(message, undefined, undefined, () => {
    if (process.connected) process.disconnect()
  })
}

process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('SIGHUP', () => undefined)

try {
  lab = await serveLab({ ...options, onStop: stop })
  report({ ready: true })
  setInterval(stopWhenOrphaned, folderCheckMs).unref()
} catch (error) {
  fail(error)
}
