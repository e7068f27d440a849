import type { ServerRecord } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'

/**
 * What goes free, or goes too, when a server ends: volumes and firewalls are let go, addresses with `auto_delete` and backups
 * are deleted, other addresses stay unassigned. Source: OpenAPI text, DELETE /servers · documented; that it happens only when
 * the action ends was seen by others.
 */
export async function releaseAll({ store, machines }: Cloud, server: ServerRecord): Promise<void> {
  for (const volume of store.all('volumes'))
    if (volume.server === server.id) store.put('volumes', Object.assign(volume, { server: null }))
  for (const address of store.all('primaryIps')) {
    if (address.assignee !== server.id) continue
    if (address.autoDelete) store.remove('primaryIps', address.id)
    else store.put('primaryIps', Object.assign(address, { assignee: null }))
  }
  for (const firewall of store.all('firewalls')) {
    const targets = firewall.targets.filter(target => target.type !== 'server' || target.server !== server.id)
    if (targets.length < firewall.targets.length) store.put('firewalls', Object.assign(firewall, { targets }))
  }
  for (const image of store.all('images')) {
    if (image.wire.bound_to !== server.id) continue
    store.remove('images', image.id)
    if (image.handle !== null) await machines.deleteSnapshot(image.handle)
  }
}
