import type { SshKey } from '../../../hetzner/wire.ts'
import type { SshKeyRecord } from '../../store/index.ts'
import { timeOf } from './time.ts'

export function sshKeyView(row: SshKeyRecord): SshKey {
  const { id, name, fingerprint, publicKey, labels, createdAt } = row
  return { id, name, fingerprint, public_key: publicKey, labels, created: timeOf(createdAt) }
}
