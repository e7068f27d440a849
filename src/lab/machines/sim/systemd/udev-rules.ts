import type { Vfs } from '../fs/vfs.ts'
import type { Device } from '../guest.ts'
import { matches } from '../shell/pattern.ts'

/**
 * Units that udev rules in /etc/udev/rules.d ask for when a disk appears: rules with ENV{SYSTEMD_WANTS}.
 * Keys a volume has: ACTION, SUBSYSTEM, KERNEL, ENV{ID_SERIAL}, ENV{ID_VENDOR}, ENV{ID_MODEL}, ENV{DEVLINKS}.
 */
export function wantsOf(vfs: Vfs, device: Device): string[] {
  const folder = '/etc/udev/rules.d'
  if (!vfs.exists(folder)) return []
  const values: Record<string, string[]> = {
    ACTION: ['add'],
    SUBSYSTEM: ['block'],
    KERNEL: [device.name],
    'ENV{ID_SERIAL}': [`0HC_Volume_${device.volume.id}`],
    'ENV{ID_SERIAL_SHORT}': [String(device.volume.id)],
    'ENV{ID_VENDOR}': ['HC'],
    'ENV{ID_MODEL}': ['Volume'],
    'ENV{DEVTYPE}': ['disk'],
    'ENV{ID_FS_TYPE}': [device.volume.tree?.type ?? ''],
    'ENV{DEVLINKS}': [`/dev/disk/by-id/scsi-0HC_Volume_${device.volume.id}`],
    SYMLINK: [`disk/by-id/scsi-0HC_Volume_${device.volume.id}`],
  }
  const wants: string[] = []
  for (const name of vfs.readDir(folder).filter(file => file.endsWith('.rules'))) {
    for (const line of vfs.readText(`${folder}/${name}`).replace(/\\\n/g, '').split('\n')) {
      if (line.trim().startsWith('#')) continue
      const terms = [...line.matchAll(/([A-Z]+(?:\{[\w.]+\})?)\s*(==|!=|\+=|=|:=)\s*"([^"]*)"/g)]
      const holds = terms.every(([, key = '', operator, pattern = '']) => {
        if (operator !== '==' && operator !== '!=') return true
        const hit = (values[key] ?? []).some(value => pattern.split('|').some(one => matches(one, value)))
        return hit === (operator === '==')
      })
      if (!holds) continue
      for (const [, key, operator, value = ''] of terms)
        if (key === 'ENV{SYSTEMD_WANTS}' && operator !== '==')
          wants.push(...value.split(/\s+/).filter(Boolean))
    }
  }
  return wants
}
