import type { Vfs } from '../fs/vfs.ts'
import { escapePath, timeSpanMs } from './unit-file.ts'

/** A mount that systemd knows: from fstab or a mount unit. */
export type MountUnit = {
  name: string
  what: string
  where: string
  type: string
  options: string[]
  deviceTimeoutMs: number
  requires: string[]
}

/** What systemd-fstab-generator makes of /etc/fstab, by unit name. */
export function fstabUnits(vfs: Vfs): Map<string, MountUnit> {
  const units = new Map<string, MountUnit>()
  const text = vfs.exists('/etc/fstab') ? vfs.readText('/etc/fstab') : ''
  for (const line of text.split('\n')) {
    const [what, where, type = 'auto', options = 'defaults'] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!what || !where?.startsWith('/') || where === '/' || type === 'swap') continue
    const unit = mountUnit(what, where, type, options)
    units.set(unit.name, unit)
  }
  return units
}

/** A mount unit from its fields; the device is waited for 90 s unless told otherwise (facts/vm-lab.md §8, verified). */
export function mountUnit(what: string, where: string, type: string, optionText: string): MountUnit {
  const options = optionText.split(',')
  const value = (name: string) =>
    options.find(option => option.startsWith(`${name}=`))?.slice(name.length + 1)
  const given = value('x-systemd.device-timeout')
  return {
    name: `${escapePath(where)}.mount`,
    what,
    where,
    type,
    options,
    deviceTimeoutMs: given === undefined ? 90_000 : timeSpanMs(given),
    requires: options
      .filter(option => option.startsWith('x-systemd.requires='))
      .map(option => option.slice(19)),
  }
}
