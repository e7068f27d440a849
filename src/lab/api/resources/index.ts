import type { Routes } from '../call.ts'
import { absentRoutes } from './absent.ts'
import { actionRoutes } from './actions.ts'
import { catalogueRoutes } from './catalogue.ts'
import { createServerRoutes } from './create-server.ts'
import { firewallActionRoutes } from './firewall-actions.ts'
import { firewallRoutes } from './firewalls.ts'
import { imageRoutes } from './images.ts'
import { primaryIpActionRoutes } from './primary-ip-actions.ts'
import { primaryIpRoutes } from './primary-ips.ts'
import { serverChangeRoutes } from './server-changes.ts'
import { serverExtraRoutes } from './server-extras.ts'
import { serverPowerRoutes } from './server-power.ts'
import { serverRoutes } from './servers.ts'
import { sshKeyRoutes } from './ssh-keys.ts'
import { volumeActionRoutes } from './volume-actions.ts'
import { volumeRoutes } from './volumes.ts'

/** Every endpoint of the lab's API. */
export const routes: Routes = {
  ...sshKeyRoutes,
  ...catalogueRoutes,
  ...imageRoutes,
  ...volumeRoutes,
  ...volumeActionRoutes,
  ...primaryIpRoutes,
  ...primaryIpActionRoutes,
  ...firewallRoutes,
  ...firewallActionRoutes,
  ...serverRoutes,
  ...createServerRoutes,
  ...serverPowerRoutes,
  ...serverChangeRoutes,
  ...serverExtraRoutes,
  ...actionRoutes,
  ...absentRoutes,
}
