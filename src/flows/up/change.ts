import type { StepHandle } from '../../progress/step.ts'
import { effect } from '../effects.ts'
import { firewallRules } from '../firewall.ts'
import { clusterLabels } from '../names.ts'
import type { Unlabelled } from '../observe.ts'
import { attachVolume } from './attach-volume.ts'
import type { UpContext } from './context.ts'
import { createSshKey } from './create.ts'
import type { Change } from './plan.ts'

/** Mends one difference on something that exists and waits until it is so. */
export async function applyChange(context: UpContext, change: Change, task: StepHandle): Promise<void> {
  const { hetzner, log, config } = context
  const { signal } = task
  switch (change.type) {
    case 'add-label':
      await effect(log, `label ${change.target.kind}`, () => addLabel(context, change.target, signal))
      return
    case 'replace-ssh-key':
      await effect(log, 'delete SSH key', () => hetzner.sshKeys.delete(change.id, signal))
      await createSshKey(context, task)
      return
    case 'set-firewall-rules': {
      const actions = await effect(log, 'set firewall rules', () =>
        hetzner.firewalls.setRules(change.id, firewallRules(config), signal),
      )
      await hetzner.actions.wait(actions, { signal })
      return
    }
    case 'apply-firewall': {
      const target = [{ type: 'server' as const, server: { id: change.server } }]
      const actions = await effect(log, 'apply firewall', () =>
        hetzner.firewalls.applyToResources(change.id, target, signal),
      )
      await hetzner.actions.wait(actions, { signal })
      return
    }
    case 'keep-address':
      await effect(log, 'keep address', () =>
        hetzner.primaryIps.update(change.id, { auto_delete: false }, signal),
      )
      return
    case 'grow-volume': {
      const action = await effect(log, 'grow volume', () =>
        hetzner.volumes.resize(change.id, change.sizeGb, signal),
      )
      await hetzner.actions.wait([action], { signal })
      return
    }
    case 'attach-volume':
      return attachVolume(context, change, signal)
    case 'power-on': {
      const action = await effect(log, 'power on', () => hetzner.servers.powerOn(change.id, signal))
      await hetzner.actions.wait([action], { signal })
      return
    }
  }
}

async function addLabel(
  { hetzner, config }: UpContext,
  target: Unlabelled,
  signal: AbortSignal,
): Promise<void> {
  const labels = { ...target.labels, ...clusterLabels(config.name) }
  switch (target.kind) {
    case 'server':
      await hetzner.servers.update(target.id, { labels }, signal)
      return
    case 'volume':
      await hetzner.volumes.update(target.id, { labels }, signal)
      return
    case 'firewall':
      await hetzner.firewalls.update(target.id, { labels }, signal)
      return
    case 'ipv4':
    case 'ipv6':
      await hetzner.primaryIps.update(target.id, { labels }, signal)
      return
  }
}

/** The change as a step title. */
export function changeTitle(change: Change): string {
  switch (change.type) {
    case 'add-label':
      return `Put the label back on ${change.target.name}`
    case 'replace-ssh-key':
      return 'Replace SSH key'
    case 'set-firewall-rules':
      return 'Set firewall rules'
    case 'apply-firewall':
      return 'Apply firewall to server'
    case 'keep-address':
      return 'Keep address when the server goes'
    case 'grow-volume':
      return `Grow volume to ${change.sizeGb} GB`
    case 'attach-volume':
      return 'Attach volume'
    case 'power-on':
      return 'Power on server'
  }
}
