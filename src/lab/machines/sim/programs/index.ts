import { cloudInitPrograms } from '../boot/cloud-init-program.ts'
import { basicPrograms } from '../commands/index.ts'
import type { Guest } from '../guest.ts'
import { k3sPrograms } from '../k3s/programs.ts'
import type { Program } from '../shell/host.ts'
import { journalctl } from '../systemd/journalctl.ts'
import { systemctl } from '../systemd/systemctl.ts'
import { diskPrograms } from './disks.ts'
import { hostPrograms } from './host.ts'
import { mountingPrograms } from './mounting.ts'
import { networkPrograms } from './network.ts'

type Makers = (guest: Guest) => Record<string, Program>

const services: Makers = guest => ({ systemctl: systemctl(guest), journalctl: journalctl(guest) })

/** Every program of a machine. They look at its parts when they run, because each boot makes new ones. */
export function guestPrograms(guest: Guest): Map<string, Program> {
  const late = (make: Makers): Record<string, Program> =>
    Object.fromEntries(
      Object.keys(make(guest)).map(name => [name, call => (make(guest)[name] as Program)(call)]),
    )
  const makers = [
    mountingPrograms,
    diskPrograms,
    hostPrograms,
    networkPrograms,
    cloudInitPrograms,
    k3sPrograms,
    services,
  ]
  return new Map(Object.entries(Object.assign({}, basicPrograms, ...makers.map(late))))
}
