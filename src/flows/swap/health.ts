import type { CosmosError } from '../../errors.ts'
import { parseWholeness, wholenessProbe } from '../../node/index.ts'
import type { Step, StepHandle } from '../../progress/index.ts'
import { poll } from '../ready/poll.ts'
import { finishSteps } from '../up/finish.ts'
import type { SwapContext } from './context.ts'
import { outageMessage, outageStep } from './expected.ts'
import { titleOf } from './story.ts'

/** From a machine that was started to one that does everything the old one did. The outage ends when its node is Ready. */
export function healthSteps(): Step<SwapContext>[] {
  return [
    ...finishSteps<SwapContext>().map(step => (step.id === 'wait-node' ? endingOutage(step) : step)),
    {
      id: 'check-claims',
      title: titleOf('replace', 'check-claims'),
      skip: ({ record }) => ((record.whole ?? []).length === 0 ? 'there were none' : undefined),
      run: checkClaims,
    },
    {
      id: outageStep,
      title: 'Measure the outage',
      skip: ({ record }) => (outageMs(record) === undefined ? 'there was none' : undefined),
      run: async ({ record }) => outageMessage(record.strategy, outageMs(record) ?? 0),
    },
  ]
}

function endingOutage(step: Step<SwapContext>): Step<SwapContext> {
  return {
    ...step,
    run: async (context, task) => {
      const message = await step.run?.(context, task)
      context.record.outageTo ??= new Date().toISOString()
      await context.log.save()
      return message
    },
  }
}

/** Milliseconds from the stop of K3s to the node being Ready again. */
export function outageMs({ outageFrom, outageTo }: SwapContext['record']): number | undefined {
  return outageFrom === undefined || outageTo === undefined
    ? undefined
    : Date.parse(outageTo) - Date.parse(outageFrom)
}

/** What was bound and open before is so again. */
async function checkClaims(context: SwapContext, task: StepHandle): Promise<string> {
  const wanted = context.record.whole ?? []
  await poll<string[]>({
    intervalMs: context.intervalMs,
    deadlineMs: context.deadlineMs,
    signal: task.signal,
    look: async () => {
      const probe = wholenessProbe()
      const found = parseWholeness(
        await context.machine().read(probe, { signal: task.signal, timeoutMs: 60_000 }),
      )
      return wanted.filter(each => !found.includes(each))
    },
    isDone: missing => missing.length === 0,
    describe: missing => `${missing.length} of ${wanted.length} are not back`,
    onLook: task.progress,
    what: 'claims and sealed secrets to be as before',
    hint: 'Look at them: cosmos ssh -- k3s kubectl get pvc,sealedsecrets -A',
    details: missing => missing,
  })
  return `${wanted.length} are as before`
}

/** Failures that say "this machine is not well", as opposed to "the way to it, or the API, is not". */
export function isUnhealthy(error: CosmosError): boolean {
  return ['first-boot-failed', 'not-ready-in-time', 'ssh-timeout', 'ssh-refused', 'no-kubeconfig'].includes(
    error.code,
  )
}
