import { CosmosError, exitCodes } from '../../errors.ts'
import { firstBootProbe, parseFirstBootProbe } from '../../node/index.ts'
import type { StepHandle } from '../../progress/step.ts'
import type { Machine } from '../machine.ts'
import { poll } from './poll.ts'

/**
 * Waits for the first boot and streams its log, unless it was over before. A failed boot is reported with the step or module that failed
 * and the last lines of the log, as soon as the machine knows.
 * @param until how far: a machine that is prepared without its volume gets no further than waiting for it
 */
export async function waitForFirstBoot(
  machine: Machine,
  task: StepHandle,
  pace: { intervalMs: number; deadlineMs: number },
  until: 'done' | 'waiting-for-volume' = 'done',
): Promise<string | undefined> {
  let offset = 0
  let looked = false
  const seen = await poll({
    ...pace,
    signal: task.signal,
    look: async () => {
      const text = await machine.read(firstBootProbe(offset), { signal: task.signal, timeoutMs: 60_000 })
      const probe = parseFirstBootProbe(text)
      offset = probe.nextOffset
      // A boot that was over before we looked is history: `cosmos logs` has it.
      const news = looked || probe.state !== 'done'
      looked = true
      if (news) for (const line of probe.log.split('\n')) if (line.trim() !== '') task.log(line)
      if (probe.state === 'failed') throw firstBootFailed(probe)
      return probe
    },
    isDone: probe => probe.state === 'done' || probe.state === until,
    describe: probe => describeBoot(probe.state, probe.step),
    onLook: text => task.progress(text),
    what: 'the first boot to finish',
    hint: 'Look at its log: cosmos logs --follow',
    details: probe => probe.lastLines,
  })
  return seen.step
}

function describeBoot(state: string, step: string | undefined): string {
  if (state === 'cloud-init') return 'cloud-init is at work'
  if (state === 'waiting-for-volume') return 'waiting for the volume'
  return step ?? 'at work'
}

function firstBootFailed(probe: ReturnType<typeof parseFirstBootProbe>): CosmosError {
  const { cloudInit } = probe
  const where = probe.step ?? cloudInit?.module
  const code = probe.exitCode === undefined ? '' : ` (exit code ${probe.exitCode})`
  const errors = cloudInit?.errors ?? []
  const at = where === undefined ? '' : ` in "${where}"${code}`
  return new CosmosError(`The first boot failed${at}.`, {
    code: 'first-boot-failed',
    exitCode: exitCodes.unhealthy,
    hint: 'See the whole log with: cosmos logs. After mending the cause: cosmos down && cosmos up',
    details: [...errors, ...probe.lastLines],
  })
}
