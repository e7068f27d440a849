import type { StepHandle } from '../../progress/step.ts'
import { createOrAdopt } from '../adopt-by-name.ts'
import { effect } from '../effects.ts'
import { firewallRules, sameRules } from '../firewall.ts'
import { clusterLabels, isOurs, resourceNames } from '../names.ts'
import type { UpContext } from './context.ts'

/** Puts the SSH key into the project, or uses the same key that is there under any name (Hetzner keeps keys unique). */
export async function createSshKey(context: UpContext, { signal }: StepHandle): Promise<string> {
  const { config, hetzner, log } = context
  const name = resourceNames(config.name).sshKey
  const publicKey = config.ssh.publicKey.trim()
  const made = await effect(
    log,
    'create SSH key',
    async () => {
      const existing = async () => (await hetzner.sshKeys.findByPublicKey(publicKey, signal)) ?? undefined
      try {
        return await createOrAdopt({
          kind: 'sshKey',
          name,
          cluster: config.name,
          create: async () => {
            const { sshKey } = await hetzner.sshKeys.create(
              { name, public_key: publicKey, labels: clusterLabels(config.name) },
              signal,
            )
            return { item: sshKey, actions: [] }
          },
          find: async wanted => {
            const same = await existing()
            return same
              ? [same].filter(key => isOurs(key, config.name))
              : hetzner.sshKeys.list({ name: wanted }, signal)
          },
        })
      } catch (error) {
        const same = await existing()
        if (same === undefined) throw error
        return { item: same, actions: [], adopted: true }
      }
    },
    ({ item }, resources) => {
      resources.sshKey = item.id
    },
  )
  return made.adopted ? `uses "${made.item.name}", which is in the project already` : made.item.fingerprint
}

/** Creates the firewall, or sets the rules of ours that an earlier run left. */
export async function createFirewall(context: UpContext, { signal }: StepHandle): Promise<string> {
  const { config, hetzner, log } = context
  const name = resourceNames(config.name).firewall
  const rules = firewallRules(config)
  const made = await effect(
    log,
    'create firewall',
    () =>
      createOrAdopt({
        kind: 'firewall',
        name,
        cluster: config.name,
        create: async () => {
          const { firewall, actions } = await hetzner.firewalls.create(
            { name, rules, labels: clusterLabels(config.name) },
            signal,
          )
          return { item: firewall, actions }
        },
        find: wanted => hetzner.firewalls.list({ name: wanted }, signal),
      }),
    ({ item }, resources) => {
      resources.firewall = item.id
    },
  )
  if (made.adopted && !sameRules(rules, made.item.rules)) {
    const actions = await effect(log, 'set firewall rules', () =>
      hetzner.firewalls.setRules(made.item.id, rules, signal),
    )
    await hetzner.actions.wait(actions, { signal })
  }
  await hetzner.actions.wait(made.actions, { signal })
  return `${rules.length} rules`
}

/** Reserves an address that outlives every server. */
export async function createAddress(
  context: UpContext,
  kind: 'ipv4' | 'ipv6',
  { signal }: StepHandle,
): Promise<string> {
  const { config, hetzner, log, location } = context
  const name = resourceNames(config.name)[kind]
  const made = await effect(
    log,
    `create ${kind}`,
    () =>
      createOrAdopt({
        kind,
        name,
        cluster: config.name,
        create: async () => {
          const body = {
            name,
            type: kind,
            location,
            auto_delete: false,
            labels: clusterLabels(config.name),
          } as const
          const { primaryIp, actions } = await hetzner.primaryIps.create(body, signal)
          return { item: primaryIp, actions }
        },
        find: wanted => hetzner.primaryIps.list({ name: wanted }, signal),
      }),
    ({ item }, resources) => {
      resources[kind] = item.id
      if (kind === 'ipv4') resources.address = item.ip
    },
  )
  if (!made.adopted) context.fresh.add(kind)
  await hetzner.actions.wait(made.actions, { signal })
  return made.item.ip
}

/** Creates the data volume, formatted by Hetzner and never mounted by it. Returns when it can be attached. */
export async function createVolume(context: UpContext, { signal }: StepHandle): Promise<string> {
  const { config, hetzner, log, location } = context
  const name = resourceNames(config.name).volume
  const made = await effect(
    log,
    'create volume',
    () =>
      createOrAdopt({
        kind: 'volume',
        name,
        cluster: config.name,
        create: async () => {
          const size = config.volume.sizeGb
          const body = { name, size, location, format: 'ext4', labels: clusterLabels(config.name) } as const
          const { volume, actions } = await hetzner.volumes.create(body, signal)
          return { item: volume, actions }
        },
        find: wanted => hetzner.volumes.list({ name: wanted }, signal),
      }),
    ({ item }, resources) => {
      resources.volume = item.id
    },
  )
  if (!made.adopted) context.fresh.add('volume')
  await hetzner.actions.wait(made.actions, { signal })
  return `${made.item.size} GB in ${made.item.location.name}`
}
