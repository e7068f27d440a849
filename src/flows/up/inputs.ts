import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Server } from '../../hetzner/wire.ts'
import type { State } from '../../state/state.ts'
import { userDataLabel } from '../names.ts'
import type { Project } from '../project.ts'
import { userDataOf } from '../user-data.ts'

/**
 * Fingerprint of everything user data is made from – settings, encrypted vault, cosmos itself – without opening the vault.
 * @returns 16 hexadecimal digits
 */
export async function inputsOf(project: Project): Promise<string> {
  const vault = await readFile(project.vaultPath)
  const hash = createHash('sha256')
  hash.update(JSON.stringify(project.config)).update(vault).update(project.version)
  return hash.digest('hex').slice(0, 16)
}

/**
 * Whether a running server was made from today's settings and secrets. The vault is opened only
 * when the inputs are not the ones the state file knows.
 */
export async function userDataMatches(project: Project, state: State, server: Server): Promise<boolean> {
  const label = server.labels[userDataLabel]
  const inputs = await inputsOf(project)
  if (state.made !== null && state.made.inputs === inputs) return state.made.userData === label
  const volumeId = state.resources.volume ?? server.volumes?.[0]
  const address = server.public_net.ipv4?.ip
  if (volumeId === undefined || address === undefined) return false
  const { fingerprint } = userDataOf(project.config, await project.vault(), { volumeId, address })
  state.made = { inputs, userData: fingerprint }
  return fingerprint === label
}
