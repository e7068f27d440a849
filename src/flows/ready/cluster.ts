import { clusterProbe, parseClusterProbe } from '../../node/index.ts'
import type { StepHandle } from '../../progress/step.ts'
import type { Machine } from '../machine.ts'
import { applicationLine } from './first-sync.ts'
import { poll } from './poll.ts'

export type ClusterState = ReturnType<typeof parseClusterProbe>
export type Pace = { intervalMs: number; deadlineMs: number }

/** One look at node, Argo CD and applications, in one command over SSH. */
export async function lookAtCluster(
  machine: Machine,
  name: string,
  signal: AbortSignal,
): Promise<ClusterState> {
  return parseClusterProbe(await machine.read(clusterProbe(name), { signal, timeoutMs: 60_000 }))
}

/** Whether the user's work is done: node Ready, Argo CD healthy, root Application synced. */
export function isConverged(state: ClusterState): boolean {
  return state.node.ready && state.argocd.healthy && isRootSynced(state)
}

/** Synced, and not broken: a root whose children are still coming up is done as far as `up` goes. */
function isRootSynced({ root }: ClusterState): boolean {
  return root.sync === 'Synced' && (root.health === 'Healthy' || root.health === 'Progressing')
}

export function waitForNode(
  machine: Machine,
  name: string,
  task: StepHandle,
  pace: Pace,
): Promise<ClusterState> {
  return wait(machine, name, task, pace, {
    what: 'the node to be Ready',
    isDone: state => state.node.ready,
    describe: state => state.node.reason ?? 'not Ready',
    hint: 'Look at K3s: cosmos logs k3s',
  })
}

export function waitForArgoCd(
  machine: Machine,
  name: string,
  task: StepHandle,
  pace: Pace,
): Promise<ClusterState> {
  return wait(machine, name, task, pace, {
    what: 'Argo CD to be healthy',
    isDone: state => state.argocd.healthy,
    describe: state => state.argocd.message || 'not healthy',
    hint: 'Look at its installation: cosmos ssh -- k3s kubectl -n kube-system logs job/helm-install-argocd',
  })
}

export function waitForRoot(
  machine: Machine,
  name: string,
  task: StepHandle,
  pace: Pace,
): Promise<ClusterState> {
  return wait(machine, name, task, pace, {
    what: 'the root Application to be synced',
    isDone: isRootSynced,
    describe: ({ root, applications }) => applicationLine({ name: 'root', ...root }, applications),
    hint: 'Check git.url, git.branch and git.path in cosmos.yaml and the repository token, then: cosmos up',
  })
}

function wait(
  machine: Machine,
  name: string,
  task: StepHandle,
  pace: Pace,
  goal: {
    what: string
    hint: string
    isDone: (state: ClusterState) => boolean
    describe: (state: ClusterState) => string
  },
): Promise<ClusterState> {
  return poll({
    ...pace,
    ...goal,
    signal: task.signal,
    look: () => lookAtCluster(machine, name, task.signal),
    onLook: text => task.progress(text),
    details: state =>
      state.applications
        .filter(app => app.sync !== 'Synced')
        .map(app => `${app.name}: ${applicationLine(app, state.applications)}`),
  })
}
