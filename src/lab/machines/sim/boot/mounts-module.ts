import type { Guest } from '../guest.ts'
import { MountError } from '../volumes/mounter.ts'
import { type CloudConfig, listOf, textOf } from './cloud-config.ts'

/**
 * cc_mounts: lines into /etc/fstab, then `mount -a` when something is new. A device that is not there yet is not mounted,
 * and nothing mounts it later by itself (facts/vm-lab.md §4, verified).
 */
export async function mountsModule(guest: Guest, config: CloudConfig): Promise<string[]> {
  const { vfs, systemd } = guest
  const lines: string[] = []
  for (const entry of listOf(config.mounts)) {
    const fields = listOf(entry).map(textOf)
    const [what, where] = fields
    if (!what || !where) continue
    const type = fields[2] || 'auto'
    const options = fields[3] || 'defaults,nofail,x-systemd.after=cloud-init.service,_netdev'
    lines.push(
      `${what}\t${where}\t${type}\t${options},comment=cloudconfig\t${fields[4] || '0'}\t${fields[5] || '2'}`,
    )
    if (where.startsWith('/')) vfs.mkdirs(where)
  }
  if (lines.length === 0) return []
  const old = vfs
    .readText('/etc/fstab')
    .split('\n')
    .filter(line => line !== '' && !line.includes('comment=cloudconfig'))
  vfs.writeFile('/etc/fstab', `${[...old, ...lines].join('\n')}\n`)
  systemd.daemonReload()
  const warnings: string[] = []
  for (const unit of systemd.mounts.values()) {
    const device = guest.deviceAt(unit.what)
    if (vfs.mountAt(unit.where) || unit.options.includes('noauto')) continue
    if (!device) {
      if (!unit.options.includes('nofail'))
        warnings.push(
          `Activating mounts via 'mount -a' failed: mount: ${unit.where}: special device ${unit.what} does not exist.`,
        )
      continue
    }
    try {
      const { recovered } = guest.mounter.mountVolume(device, unit.where, unit.options, unit.type)
      if (recovered) guest.journal.write('kernel', 'kernel', `EXT4-fs (${device.name}): recovery complete`)
      systemd.set(unit.name, 'active', 'mounted')
    } catch (error) {
      if (!(error instanceof MountError)) throw error
      warnings.push(`Activating mounts via 'mount -a' failed: ${error.message}`)
    }
  }
  return warnings
}
