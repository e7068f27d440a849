import { join } from 'node:path'
import type { Config } from '../../config/schema.ts'
import type { Step } from '../../progress/step.ts'
import type { VaultContents } from '../../vault/contents.ts'
import { type EffectLog, effect } from '../effects.ts'
import { fetchKubeconfig, writeKubeconfig } from '../kubeconfig.ts'
import type { LockedState } from '../locked-state.ts'
import { type Access, Machine } from '../machine.ts'
import type { Project } from '../project.ts'
import { type ReadyContext, readySteps } from '../ready/steps.ts'
import { restoreServer } from '../release.ts'
import { restoreEffect } from '../unfinished-release.ts'

export type FinishContext = Omit<ReadyContext, 'hetzner' | 'pending'> & {
  config: Config
  log: EffectLog
  login: Pick<Access, 'privateKey' | 'agent'>
  vault: () => Promise<VaultContents>
  kubeconfigPath: string
  opened: Machine | undefined
}

/** What the waiting half needs, from what the writing half leaves in the state. */
export function finishContext(
  project: Project,
  locked: LockedState,
  login: FinishContext['login'],
  deadlineMs: number,
): FinishContext {
  const context: FinishContext = {
    cluster: project.config.name,
    config: project.config,
    log: locked,
    login,
    vault: project.vault,
    kubeconfigPath: join(project.stateDir, 'kubeconfig'),
    opened: undefined,
    intervalMs: project.pollIntervalMs * 2,
    deadlineMs,
    seen: undefined,
    machine: () => {
      context.opened ??= new Machine(access(context))
      return context.opened
    },
  }
  return context
}

function access({ config, login, log, intervalMs }: FinishContext): Access {
  const { address = '', hostKey = '' } = log.resources
  return { host: address, port: config.ssh.port, hostKey, pauseMs: intervalMs / 2, ...login }
}

/**
 * From a server that exists to one that does the user's work, with its kubeconfig on this machine.
 * @param options.wake the server was asked to end its workload, by a `down` that was cut off
 */
export function finishSteps<T extends FinishContext & ReadyContext>(
  options: { wake?: boolean } = {},
): Step<T>[] {
  const ready = readySteps<T>()
  const booted = ready.findIndex(step => step.id === 'wait-first-boot') + 1
  return [
    {
      id: 'pin-host-key',
      title: 'Pin the host key',
      skip: ({ log }) => (log.resources.hostKey === undefined ? undefined : 'already pinned'),
      run: async ({ log, vault }) => {
        log.resources.hostKey = (await vault()).sshHostKey.publicKey
        await log.save()
      },
    },
    ...ready.slice(0, booted),
    ...(options.wake ? [wakeStep<T>()] : []),
    ...ready.slice(booted),
    {
      id: 'fetch-kubeconfig',
      title: 'Fetch kubeconfig',
      run: async (context, { signal }) => {
        const text = await fetchKubeconfig(context.machine(), context.cluster, signal)
        await writeKubeconfig(context.kubeconfigPath, text)
        return context.kubeconfigPath
      },
    },
  ]
}

/** Volume mounted, K3s started, pods allowed again. */
function wakeStep<T extends FinishContext & ReadyContext>(): Step<T> {
  return {
    id: 'restore-server',
    title: 'Put the server back to work',
    run: async (context, task) => {
      await effect(context.log, restoreEffect, () => restoreServer(context.machine(), context.cluster, task))
    },
  }
}
