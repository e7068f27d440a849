import { CosmosError, RefusedError } from '../errors.ts'
import { drainStep, isReleased, isRestored, releaseScript, restoreScript } from '../node/index.ts'
import type { StepHandle } from '../progress/step.ts'
import { lines } from './lines.ts'
import { isDrop, type Machine } from './machine.ts'

const drainSeconds = 180
/** Drain, containers, thirty tries to unmount and the proof, with room to spare. */
const releaseTimeoutMs = (drainSeconds + 300) * 1_000
/** The script may be run again at any time, so a connection that breaks is no reason to give up. */
const mostAttempts = 4

export type ReleaseTarget = {
  node: string
  volumeId: number
  /** Id of the swap, left on the old system disk. */
  swap?: string
  /** The command that puts the server back to work. */
  wayBack?: string
  /** Called when the first thing happens that users notice. */
  onOutage?: () => void
}

/**
 * Makes the server let go of the volume: drain, stop, unmount, proof. Returns only when nothing can write to it any more.
 * @throws RefusedError `not-released` with what still holds it; the server is whole and can go on
 */
export async function releaseVolume(
  machine: Machine,
  target: ReleaseTarget,
  task: StepHandle,
): Promise<void> {
  const { onOutage, wayBack = restoreByHand(target.node), ...input } = target
  const script = releaseScript({ ...input, drainSeconds })
  const result = await runScript(machine, script, task, title => {
    if (!title.startsWith(drainStep)) onOutage?.()
  })
  if (result.code === 0 && isReleased(result.stdout)) return
  throw new RefusedError('The server does not let go of the volume, so it stays attached.', {
    code: 'not-released',
    hint: `End what holds it and try again. To put the server back to work: ${wayBack}`,
    details: evidence(result),
  })
}

/** The same as `restoreServer`, to type. */
function restoreByHand(node: string): string {
  return `cosmos ssh -- 'systemctl start cosmos-volume.service k3s && k3s kubectl uncordon ${node}'`
}

/**
 * Puts a server that was asked to let go back to work: volume mounted, K3s started, pods allowed.
 * @throws CosmosError `not-restored`
 */
export async function restoreServer(machine: Machine, node: string, task: StepHandle): Promise<void> {
  const result = await runScript(machine, restoreScript(node), task, () => undefined)
  if (result.code === 0 && isRestored(result.stdout)) return
  throw new CosmosError('The server could not be put back to work.', {
    code: 'not-restored',
    hint: 'Look at K3s: cosmos logs k3s',
    details: evidence(result),
  })
}

type Result = { code: number | null; stdout: string; stderr: string }

async function runScript(
  machine: Machine,
  script: string,
  task: StepHandle,
  onStep: (title: string) => void,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(machine, script, task, onStep)
    } catch (error) {
      if (!isDrop(error) || attempt === mostAttempts) throw error
      task.progress('connection lost, trying again')
      machine.close()
      await machine.waitUntilReachable({ signal: task.signal, deadlineMs: 60_000, onAttempt: task.progress })
    }
  }
}

async function runOnce(
  machine: Machine,
  script: string,
  task: StepHandle,
  onStep: (title: string) => void,
): Promise<Result> {
  const session = await machine.session(task.signal)
  const output = lines(line => {
    if (!line.startsWith('step ')) return say(line, task)
    const title = line.slice('step '.length)
    onStep(title)
    task.progress(title)
  })
  const result = await session.run('bash -s', {
    stdin: script,
    signal: task.signal,
    timeoutMs: releaseTimeoutMs,
    onStdout: output.add,
  })
  output.end()
  return result
}

function say(line: string, task: StepHandle): void {
  if (line !== 'released' && line !== 'restored') task.log(line)
}

function evidence(result: Result): string[] {
  return `${result.stdout}${result.stderr}`
    .trimEnd()
    .split('\n')
    .filter(line => !line.startsWith('step '))
    .slice(-15)
}
