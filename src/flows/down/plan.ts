import type { Pricing } from '../../hetzner/wire.ts'
import { addressMonthlyNet, volumeMonthlyNet } from '../costs.ts'
import { isOurs, type Kind } from '../names.ts'
import type { Observed } from '../observe.ts'

export type DownItem = {
  kind: Kind
  id: number
  name: string
  fate: 'delete' | 'keep'
  /** EUR per month without VAT; undefined where it costs nothing or the price is not known. */
  monthlyNet?: number
  /** Id of the server that has it. */
  heldBy?: number
}

export type DownPlan = { cluster: string; items: DownItem[]; freedMonthlyNet: number; keptMonthlyNet: number }

/**
 * What `down` deletes and what it keeps. Server, firewall and SSH key go; volume and addresses stay unless asked for,
 * because data and address are what cannot be made again. Pure.
 */
export function planDown(
  cluster: string,
  observed: Observed,
  prices: Pricing | undefined,
  also: { volume: boolean; addresses: boolean },
): DownPlan {
  const mine = <T extends { labels: Record<string, string> }>(list: readonly T[] = []) =>
    list.filter(each => isOurs(each, cluster))
  const items: DownItem[] = [
    ...mine([...observed.servers, ...observed.spares.servers]).map(({ id, name, server_type, location }) => {
      const price = server_type.prices.find(each => each.location === location.name)?.price_monthly.net
      return item('server', id, name, true, price === undefined ? undefined : Number(price))
    }),
    ...mine(observed.firewalls).map(({ id, name }) => item('firewall', id, name, true)),
    ...mine(observed.sshKeys).map(({ id, name }) => item('sshKey', id, name, true)),
    ...mine(observed.volumes).map(({ id, name, size, server }) =>
      held(item('volume', id, name, also.volume, volumeMonthlyNet(prices, size)), server),
    ),
    ...mine(observed.primaryIps).map(({ id, name, type, location, assignee_id }) =>
      held(item(type, id, name, also.addresses, addressMonthlyNet(prices, type, location.name)), assignee_id),
    ),
    ...mine(observed.spares.primaryIps).map(({ id, name, type, location }) =>
      item(type, id, name, true, addressMonthlyNet(prices, type, location.name)),
    ),
  ]
  const sum = (fate: DownItem['fate']) =>
    items.filter(each => each.fate === fate).reduce((total, each) => total + (each.monthlyNet ?? 0), 0)
  return { cluster, items, freedMonthlyNet: sum('delete'), keptMonthlyNet: sum('keep') }
}

function held(planned: DownItem, server: number | null): DownItem {
  return server === null ? planned : { ...planned, heldBy: server }
}

function item(kind: Kind, id: number, name: string, goes: boolean, monthlyNet?: number): DownItem {
  return {
    kind,
    id,
    name,
    fate: goes ? 'delete' : 'keep',
    ...(monthlyNet === undefined ? {} : { monthlyNet }),
  }
}
