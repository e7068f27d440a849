import type { Config } from '../../config/schema.ts'
import { RefusedError } from '../../errors.ts'
import type { Firewall, Pricing, PrimaryIp, Server, SshKey, Volume } from '../../hetzner/wire.ts'
import type { Resources } from '../../state/state.ts'
import { addressMonthlyNet, hourlyFromMonthly, volumeMonthlyNet } from '../costs.ts'
import { firewallRules, sameRules } from '../firewall.ts'
import { type Kind, kindTitles, resourceNames } from '../names.ts'
import type { Observed, Unlabelled } from '../observe.ts'
import type { Placement } from './placement.ts'

/** Something `up` mends on what exists already; each is harmless to what runs. */
export type Change =
  | { type: 'add-label'; target: Unlabelled }
  | { type: 'replace-ssh-key'; id: number }
  | { type: 'set-firewall-rules'; id: number }
  | { type: 'apply-firewall'; id: number; server: number }
  | { type: 'keep-address'; id: number }
  | { type: 'grow-volume'; id: number; sizeGb: number }
  | { type: 'attach-volume'; id: number; server: number }
  | { type: 'power-on'; id: number }

export type PlanItem = {
  kind: Kind
  name: string
  /** `swap`: differs from cosmos.yaml in a way that only a new machine can mend. */
  action: 'create' | 'keep' | 'change' | 'swap'
  /** What it will be, what it is, or what differs. */
  note: string
  id?: number
  changes: Change[]
  /** EUR per month without VAT; undefined where the price list was not asked for. */
  monthlyNet?: number
}

export type Plan = {
  cluster: string
  items: PlanItem[]
  /** Where and as what a missing server will be made, best first. */
  placements: readonly Placement[]
  /** EUR without VAT; undefined while a price is unknown. */
  monthlyNet: number | undefined
  /** What the plan adds per hour, EUR without VAT. */
  hourlyDeltaNet: number | undefined
}

export type PlanInput = {
  config: Config
  observed: Observed
  known: Resources
  placements: readonly Placement[]
  prices: Pricing | undefined
  /** Whether the server was made from today's configuration and secrets; undefined without a server. */
  userDataMatches: boolean | undefined
}

/** What `up` would do, from what is wanted and what is there. Pure. */
export function planUp(input: PlanInput): Plan {
  const { observed, config } = input
  const server = only('server', observed.servers)
  const volume = only('volume', observed.volumes)
  const items = [
    sshKeyItem(input),
    firewallItem(input, server),
    addressItem(input, 'ipv4', server),
    ...(config.network.ipv6 ? [addressItem(input, 'ipv6', server)] : []),
    volumeItem(input, volume, server),
    serverItem(input, server),
  ].map(item => withRelabelling(item, observed.unlabelled))
  return { cluster: config.name, items, placements: input.placements, ...totals(items) }
}

/** Whether anything would be written. Differences that need a swap do not count. */
export function hasWork(plan: Plan): boolean {
  return plan.items.some(item => item.action === 'create' || item.changes.length > 0)
}

/** Whether anything differs at all, a swap included. */
export function hasDifference(plan: Plan): boolean {
  return hasWork(plan) || plan.items.some(item => item.action === 'swap')
}

function only<T extends { id: number; name: string }>(kind: Kind, found: readonly T[]): T | undefined {
  if (found.length < 2) return found[0]
  const list = found.map(each => `${each.name} (${each.id})`).join(', ')
  throw new RefusedError(
    `There is more than one ${kindTitles[kind]} with the label of this cluster: ${list}.`,
    {
      code: 'ambiguous',
      hint: `Take the label cosmos.dev/cluster off the one that is not in use, then: cosmos up`,
    },
  )
}

function sshKeyItem({ config, observed, known }: PlanInput): PlanItem {
  const name = resourceNames(config.name).sshKey
  const found = observed.sshKeys?.[0]
  if (found === undefined) {
    if (known.sshKey !== undefined && observed.sshKeys !== undefined) {
      return {
        kind: 'sshKey',
        name,
        action: 'keep',
        note: 'was in the project before',
        id: known.sshKey,
        changes: [],
      }
    }
    return { kind: 'sshKey', name, action: 'create', note: keyComment(config.ssh.publicKey), changes: [] }
  }
  if (sameKey(found, config.ssh.publicKey)) {
    return {
      kind: 'sshKey',
      name: found.name,
      action: 'keep',
      note: found.fingerprint,
      id: found.id,
      changes: [],
    }
  }
  const changes: Change[] = [{ type: 'replace-ssh-key', id: found.id }]
  return {
    kind: 'sshKey',
    name,
    action: 'change',
    note: 'another key in cosmos.yaml; used from the next swap on',
    id: found.id,
    changes,
  }
}

/** Whether it is the same public key; the comment does not matter. */
export function sameKey(found: SshKey, wanted: string): boolean {
  return found.public_key.trim().split(/\s+/)[1] === wanted.trim().split(/\s+/)[1]
}

function keyComment(publicKey: string): string {
  const [type = '', , ...comment] = publicKey.trim().split(/\s+/)
  return [type, comment.join(' ')].filter(Boolean).join(' ')
}

function firewallItem({ config, observed }: PlanInput, server: Server | undefined): PlanItem {
  const name = resourceNames(config.name).firewall
  const rules = firewallRules(config)
  const ports = rules.flatMap(rule => rule.port ?? 'ICMP').join(', ')
  const found = only<Firewall>('firewall', observed.firewalls ?? [])
  if (found === undefined)
    return { kind: 'firewall', name, action: 'create', note: `admits ${ports}`, changes: [] }
  const changes: Change[] = []
  const notes: string[] = []
  if (!sameRules(rules, found.rules)) {
    changes.push({ type: 'set-firewall-rules', id: found.id })
    notes.push('rules differ')
  }
  if (server !== undefined && !isApplied(found, server.id)) {
    changes.push({ type: 'apply-firewall', id: found.id, server: server.id })
    notes.push('not applied to the server')
  }
  return item('firewall', found, changes, notes, `admits ${ports}`)
}

function isApplied(firewall: Firewall, server: number): boolean {
  return firewall.applied_to.some(
    target =>
      target.server?.id === server || target.applied_to_resources?.some(each => each.server?.id === server),
  )
}

function addressItem(input: PlanInput, kind: 'ipv4' | 'ipv6', server: Server | undefined): PlanItem {
  const { config, observed, prices, placements } = input
  const found = only<PrimaryIp>(
    kind,
    observed.primaryIps.filter(each => each.type === kind),
  )
  const location = found?.location.name ?? placements[0]?.location
  const monthlyNet = addressMonthlyNet(prices, kind, location)
  const price = monthlyNet === undefined ? {} : { monthlyNet }
  if (found === undefined) {
    const name = resourceNames(config.name)[kind]
    const note =
      server === undefined
        ? `in ${location ?? config.locations[0]}`
        : 'reserved now; the server gets it with the next swap'
    return { kind, name, action: 'create', note, changes: [], ...price }
  }
  if (found.assignee_id !== null && found.assignee_id !== server?.id && !hasStrayedServer(observed)) {
    throw inUseElsewhere(kind, found.name, found.assignee_id)
  }
  const changes: Change[] = []
  const notes: string[] = []
  if (found.auto_delete) {
    changes.push({ type: 'keep-address', id: found.id })
    notes.push('would be deleted with the server')
  }
  const base = item(kind, found, changes, notes, found.ip)
  if (server !== undefined && found.assignee_id !== server.id) {
    return {
      ...base,
      ...price,
      action: changes.length > 0 ? 'change' : 'swap',
      note: `${found.ip} is not assigned to the server`,
    }
  }
  return { ...base, ...price }
}

function volumeItem(input: PlanInput, found: Volume | undefined, server: Server | undefined): PlanItem {
  const { config, observed, prices } = input
  const wantedGb = config.volume.sizeGb
  const monthlyNet = volumeMonthlyNet(prices, Math.max(wantedGb, found?.size ?? 0))
  const price = monthlyNet === undefined ? {} : { monthlyNet }
  if (found === undefined) {
    const strayed = observed.unlabelled.some(each => each.kind === 'volume')
    if (server !== undefined && !strayed) throw volumeMissing(config.name)
    return {
      kind: 'volume',
      name: resourceNames(config.name).volume,
      action: 'create',
      note: `${wantedGb} GB, ext4`,
      changes: [],
      ...price,
    }
  }
  if (found.server !== null && found.server !== server?.id && !hasStrayedServer(observed))
    throw inUseElsewhere('volume', found.name, found.server)
  const changes: Change[] = []
  const notes: string[] = []
  if (found.size < wantedGb) {
    changes.push({ type: 'grow-volume', id: found.id, sizeGb: wantedGb })
    notes.push(`grows from ${found.size} to ${wantedGb} GB`)
  }
  if (server !== undefined && found.server === null) {
    changes.push({ type: 'attach-volume', id: found.id, server: server.id })
    notes.push('not attached')
  }
  const shrink = found.size > wantedGb ? `; cosmos.yaml says ${wantedGb} GB, but volumes never shrink` : ''
  return { ...item('volume', found, changes, notes, `${found.size} GB${shrink}`), ...price }
}

/** Our server without its label still holds volume and addresses: the label comes back first, then all is planned anew. */
function hasStrayedServer(observed: Observed): boolean {
  return observed.unlabelled.some(each => each.kind === 'server')
}

function inUseElsewhere(kind: Kind, name: string, server: number): RefusedError {
  return new RefusedError(
    `The ${kindTitles[kind]} ${name} is in use by server ${server}, which is not part of this cluster.`,
    {
      code: 'in-use-elsewhere',
      hint: `Free it from server ${server} first (hcloud server describe ${server}), then: cosmos up`,
    },
  )
}

function volumeMissing(cluster: string): RefusedError {
  return new RefusedError('The server is there, but its volume is gone.', {
    code: 'volume-missing',
    hint: `If you deleted it on purpose, start over: cosmos down --confirm ${cluster} && cosmos up`,
  })
}

function serverItem(input: PlanInput, found: Server | undefined): PlanItem {
  const { config, placements } = input
  if (found === undefined) {
    const first = placements[0]
    const monthly = first && Number.isFinite(first.monthlyNet) ? { monthlyNet: first.monthlyNet } : {}
    const note = `${first?.type} in ${first?.location}, ${config.server.image}`
    return {
      kind: 'server',
      name: resourceNames(config.name).server,
      action: 'create',
      note,
      changes: [],
      ...monthly,
    }
  }
  const changes: Change[] = []
  const notes: string[] = []
  if (found.status === 'off') {
    changes.push({ type: 'power-on', id: found.id })
    notes.push('is off')
  }
  const differs = serverDifferences(input, found)
  const price = found.server_type.prices.find(each => each.location === found.location.name)
  const monthly = price ? { monthlyNet: Number(price.price_monthly.net) } : {}
  const address = found.public_net.ipv4?.ip === undefined ? ', no address' : ''
  const base = item(
    'server',
    found,
    changes,
    notes,
    `${found.server_type.name} in ${found.location.name}, ${found.status}${address}`,
  )
  if (differs.length === 0) return { ...base, ...monthly }
  return {
    ...base,
    ...monthly,
    action: changes.length > 0 ? 'change' : 'swap',
    note: [base.note, ...differs].join('; '),
  }
}

function serverDifferences({ config, userDataMatches }: PlanInput, found: Server): string[] {
  const differs: string[] = []
  if (!config.server.types.includes(found.server_type.name))
    differs.push(`cosmos.yaml asks for ${config.server.types.join(' or ')}`)
  if (found.image?.name && found.image.name !== config.server.image)
    differs.push(`made from ${found.image.name}, cosmos.yaml says ${config.server.image}`)
  if (userDataMatches === false) differs.push('made from other settings or secrets')
  return differs
}

function item(
  kind: Kind,
  found: { id: number; name: string },
  changes: Change[],
  notes: readonly string[],
  asIs: string,
): PlanItem {
  const action = changes.length > 0 ? 'change' : 'keep'
  return {
    kind,
    name: found.name,
    action,
    note: notes.length > 0 ? notes.join('; ') : asIs,
    id: found.id,
    changes,
  }
}

function withRelabelling(planned: PlanItem, unlabelled: readonly Unlabelled[]): PlanItem {
  const target = unlabelled.find(each => each.kind === planned.kind)
  if (target === undefined || planned.action !== 'create') return planned
  const { monthlyNet } = planned
  return {
    kind: planned.kind,
    name: target.name,
    action: 'change',
    note: 'has lost the label of the cluster',
    id: target.id,
    changes: [{ type: 'add-label', target }],
    ...(monthlyNet === undefined ? {} : { monthlyNet }),
  }
}

function totals(items: readonly PlanItem[]): Pick<Plan, 'monthlyNet' | 'hourlyDeltaNet'> {
  const billed = items.filter(each => each.kind !== 'sshKey' && each.kind !== 'firewall')
  const sum = (list: readonly PlanItem[]) =>
    list.some(each => each.monthlyNet === undefined)
      ? undefined
      : list.reduce((total, each) => total + (each.monthlyNet ?? 0), 0)
  const delta = sum(billed.filter(each => each.action === 'create'))
  return {
    monthlyNet: sum(billed),
    hourlyDeltaNet: delta === undefined ? undefined : hourlyFromMonthly(delta),
  }
}
