import { take, takeActions } from './answer.ts'
import type { Collection, Filter } from './collection.ts'
import { type Call, post, repeatablePost } from './request.ts'
import { discard, type Readable, readable, type Writable, writable } from './resource.ts'
import type {
  Action,
  CreateFirewallBody,
  Firewall,
  FirewallRuleInput,
  FirewallTarget,
  Labels,
} from './wire.ts'

export type Firewalls = Readable<Firewall, Filter> &
  Writable<Firewall, { name?: string; labels?: Labels }> & {
    create(body: CreateFirewallBody, signal?: AbortSignal): Promise<{ firewall: Firewall; actions: Action[] }>
    /** Must be applied nowhere. */
    delete(id: number, signal?: AbortSignal): Promise<void>
    /** Replaces all rules; none at all means that nothing comes in. */
    setRules(id: number, rules: readonly FirewallRuleInput[], signal?: AbortSignal): Promise<Action[]>
    applyToResources(id: number, targets: readonly FirewallTarget[], signal?: AbortSignal): Promise<Action[]>
    removeFromResources(
      id: number,
      targets: readonly FirewallTarget[],
      signal?: AbortSignal,
    ): Promise<Action[]>
  }

const collection: Collection = { path: '/firewalls', plural: 'firewalls', singular: 'firewall' }
const action = (id: number, name: string) => `/firewalls/${id}/actions/${name}`

/** The endpoints under `/firewalls`. Source: facts/hetzner-api.md §2.6 and appendix A. */
export function firewalls(call: Call): Firewalls {
  return {
    ...readable<Firewall>(call, collection),
    ...writable(call, collection),
    async create(body, signal) {
      const answer = await call(post('/firewalls', body), signal)
      return { firewall: take<Firewall>(answer, 'firewall'), actions: takeActions(answer) }
    },
    delete: (id, signal) => discard(call, collection, id, signal),
    setRules: async (id, rules, signal) =>
      takeActions(await call(repeatablePost(action(id, 'set_rules'), { rules }), signal)),
    applyToResources: async (id, targets, signal) =>
      takeActions(await call(post(action(id, 'apply_to_resources'), { apply_to: targets }), signal)),
    removeFromResources: async (id, targets, signal) =>
      takeActions(await call(post(action(id, 'remove_from_resources'), { remove_from: targets }), signal)),
  }
}
