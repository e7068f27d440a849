import type { Config } from '../../config/schema.ts'
import type { Hetzner } from '../../hetzner/index.ts'
import type { Action, Server } from '../../hetzner/wire.ts'
import type { VaultContents } from '../../vault/contents.ts'
import type { EffectLog } from '../effects.ts'
import type { Plan } from './plan.ts'

/** What the steps of `up` share. */
export type UpContext = {
  config: Config
  hetzner: Hetzner
  log: EffectLog
  plan: Plan
  /** Where everything is made; moves on to the next location only while nothing made there was ever used. */
  location: string
  /** The volume and addresses this very run made: the only ones that may be given back when a location has no stock. */
  fresh: Set<'volume' | 'ipv4' | 'ipv6'>
  /** Actions that go on while the next steps run; awaited before the machine is used. */
  pending: Action[]
  server: Server | undefined
  /** Opens the vault, once. */
  vault: () => Promise<VaultContents>
  /** Remembers what the server was made from. */
  made: (fingerprint: string) => Promise<void>
}
