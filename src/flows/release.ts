import { CosmosError } from '../errors.ts'
import { isReleased, releaseScript } from '../node/index.ts'
import type { StepHandle } from '../progress/step.ts'
import { lines } from './lines.ts'
import type { Machine } from './machine.ts'

const drainSeconds = 180
/** Drain, stop, thirty tries to unmount and the proof, with room to spare. */
const releaseTimeoutMs = (drainSeconds + 300) * 1_000

/**
 * Makes the server let go of the volume: drain, stop, unmount, proof. Returns only when nothing can write to it any more.
 * @throws CosmosError `not-released` with what still holds it; the server is whole and can go on
 */
export async function releaseVolume(
  machine: Machine,
  target: { node: string; volumeId: number },
  task: StepHandle,
): Promise<void> {
  const session = await machine.session(task.signal)
  const output = lines(line => say(line, task))
  const result = await session.run('bash -s', {
    stdin: releaseScript(target.node, target.volumeId, drainSeconds),
    signal: task.signal,
    timeoutMs: releaseTimeoutMs,
    onStdout: output.add,
  })
  output.end()
  if (result.code === 0 && isReleased(result.stdout)) return
  throw new CosmosError('The server does not let go of the volume, so it stays attached.', {
    code: 'not-released',
    hint: 'Look at what holds it: cosmos ssh -- fuser -vm /data. To put the server back to work: cosmos ssh -- systemctl start k3s',
    details: `${result.stdout}${result.stderr}`.trimEnd().split('\n').slice(-15),
  })
}

function say(line: string, task: StepHandle): void {
  if (line.startsWith('step ')) task.progress(line.slice('step '.length))
  else if (line !== 'released') task.log(line)
}
