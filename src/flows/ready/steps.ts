import type { Hetzner } from '../../hetzner/index.ts'
import type { Action } from '../../hetzner/wire.ts'
import type { Step } from '../../progress/step.ts'
import type { Machine } from '../machine.ts'
import {
  type ClusterState,
  isConverged,
  lookAtCluster,
  waitForArgoCd,
  waitForNode,
  waitForRoot,
} from './cluster.ts'
import { waitForFirstBoot } from './first-boot.ts'

export type ReadyContext = {
  cluster: string
  hetzner: Hetzner
  machine: () => Machine
  /** Actions of the API still under way. */
  pending: Action[]
  /** Milliseconds between two looks at the machine. */
  intervalMs: number
  /** Milliseconds that each of the waits may take. */
  deadlineMs: number
  /** What was seen last; lets the later waits pass without another look. */
  seen: ClusterState | undefined
}

const minuteMs = 60_000

/** The waiting half of `up`: done when the user's work is, not when the API says so. */
export function readySteps<T extends ReadyContext>(): Step<T>[] {
  return [
    {
      id: 'reach-server',
      title: 'Reach server',
      parallel: true,
      children: [
        {
          id: 'wait-actions',
          title: 'Wait for Hetzner to finish',
          skip: ({ pending }) => (pending.length === 0 ? 'nothing under way' : undefined),
          run: async ({ hetzner, pending }, { signal, progress }) => {
            await hetzner.actions.wait(pending, {
              signal,
              onProgress: (done, all) => progress(`${done} of ${all} actions done`),
            })
          },
        },
        {
          id: 'wait-ssh',
          title: 'Wait for SSH with the pinned host key',
          run: async ({ machine, deadlineMs }, { signal, progress }) => {
            const host = machine()
            await host.waitUntilReachable({
              signal,
              deadlineMs: Math.min(deadlineMs, 10 * minuteMs),
              onAttempt: progress,
            })
            return host.host
          },
        },
      ],
    },
    {
      id: 'wait-first-boot',
      title: 'Wait for first boot',
      run: async (context, task) => {
        await waitForFirstBoot(context.machine(), task, context)
      },
    },
    {
      id: 'wait-node',
      title: 'Wait for the node to be Ready',
      run: async (context, task) => {
        context.seen = await lookAtCluster(context.machine(), context.cluster, task.signal)
        if (!context.seen.node.ready)
          context.seen = await waitForNode(context.machine(), context.cluster, task, context)
      },
    },
    {
      id: 'wait-argocd',
      title: 'Wait for Argo CD',
      run: async (context, task) => {
        if (!context.seen?.argocd.healthy)
          context.seen = await waitForArgoCd(context.machine(), context.cluster, task, context)
      },
    },
    {
      id: 'wait-root',
      title: 'Wait for the root Application',
      run: async (context, task) => {
        if (context.seen === undefined || !isConverged(context.seen)) {
          context.seen = await waitForRoot(context.machine(), context.cluster, task, context)
        }
        return `${context.seen.root.sync}, ${context.seen.root.health}`
      },
    },
  ]
}
