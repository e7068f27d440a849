import type { Routes } from '../call.ts'
import { absentRoutes } from './absent.ts'
import { actionRoutes } from './actions.ts'
import { catalogueRoutes } from './catalogue.ts'
import { createServerRoutes } from './create-server.ts'
import { firewallRoutes } from './firewalls.ts'
import { imageRoutes } from './images.ts'
import { primaryIpRoutes } from './primary-ips.ts'
import { serverChangeRoutes } from './server-changes.ts'
import { serverExtraRoutes } from './server-extras.ts'
import { serverPowerRoutes } from './server-power.ts'
import { serverRoutes } from './servers.ts'
import { sshKeyRoutes } from './ssh-keys.ts'
import { volumeRoutes } from './volumes.ts'

/** Every endpoint of the lab's API. */
export const routes: Routes = {
  ...sshKeyRoutes,
  ...catalogueRoutes,
  ...imageRoutes,
  ...volumeRoutes,
  ...primaryIpRoutes,
  ...firewallRoutes,
  ...serverRoutes,
  ...createServerRoutes,
  ...serverPowerRoutes,
  ...serverChangeRoutes,
  ...serverExtraRoutes,
  ...actionRoutes,
  ...absentRoutes,
}
