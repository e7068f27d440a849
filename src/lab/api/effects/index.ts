import type { Effects } from '../actions.ts'
import type { Cloud } from '../cloud.ts'
import { networkEffects } from './network.ts'
import { serverEffects } from './servers.ts'
import { storageEffects } from './storage.ts'

/** What each action does when its time is up, by command. */
export function effectsOf(cloud: Cloud, log: (entry: Record<string, unknown>) => void): Effects {
  return { ...serverEffects(cloud), ...storageEffects(cloud, log), ...networkEffects(cloud) }
}
