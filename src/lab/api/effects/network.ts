import type { ActionRecord, PrimaryIpRecord, ServerRecord } from '../../store/index.ts'
import type { Effects } from '../actions.ts'
import type { Cloud } from '../cloud.ts'
import { find } from '../find.ts'
import { isSame } from '../rules/apply-firewall.ts'
import type { Target } from '../rules/firewall-targets.ts'
import { addressesOf } from './addresses.ts'

/** What Primary IP and firewall actions do when their time is up. */
export function networkEffects(cloud: Cloud): Effects {
  const { store, machines } = cloud
  const addressOf = (action: ActionRecord) => find(cloud, 'primaryIps', idOf(action, 'primary_ip'))
  const serverOf = (action: ActionRecord) => find(cloud, 'servers', idOf(action, 'server'))

  async function link(address: PrimaryIpRecord, server: ServerRecord, on: boolean): Promise<void> {
    store.put('primaryIps', Object.assign(address, { assignee: on ? server.id : null }))
    store.put('servers', Object.assign(server, { [address.type]: on ? address.id : null }))
    await machines.setAddresses(server.id, addressesOf(cloud, server))
  }

  return {
    assign_primary_ip: { run: action => link(addressOf(action), serverOf(action), true) },
    unassign_primary_ip: { run: action => link(addressOf(action), serverOf(action), false) },
    apply_firewall: {
      run(action) {
        const firewall = store.get('firewalls', idOf(action, 'firewall'))
        const target = firewall?.targets.find(one => isSame(one, action.args.target as Target))
        if (!firewall || target?.type !== 'server') return
        target.status = 'applied'
        store.put('firewalls', firewall)
      },
      fail: removeTarget,
    },
    remove_firewall: { run: removeTarget },
  }

  function removeTarget(action: ActionRecord): void {
    const firewall = store.get('firewalls', idOf(action, 'firewall'))
    if (!firewall) return
    const targets = firewall.targets.filter(one => !isSame(one, action.args.target as Target))
    store.put('firewalls', Object.assign(firewall, { targets }))
  }
}

function idOf({ resources }: ActionRecord, wanted: string): number {
  return resources.find(({ type }) => type === wanted)?.id ?? 0
}
