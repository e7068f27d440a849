import { type UserData, userData } from '../cloudinit/index.ts'
import type { Config } from '../config/schema.ts'
import { bootstrapManifests, type ManifestFile } from '../manifests/index.ts'
import { firstBootScript, mountOptions, nodeScript, paths, volumeDevice } from '../node/index.ts'
import type { VaultContents } from '../vault/contents.ts'
import { maskedVault } from './masked-vault.ts'

export type RenderOptions = {
  /** Puts a placeholder where each secret would stand. */
  maskSecrets?: boolean
}

/** The manifests that K3s finds at its first start. */
export function manifestsOf(
  config: Config,
  vault: VaultContents,
  options: RenderOptions = {},
): ManifestFile[] {
  const { git, sealing, argocd } = options.maskSecrets ? maskedVault(vault) : vault
  return bootstrapManifests({
    config,
    repository: git ?? null,
    sealingKeys: sealing.keys,
    argocdAdminPasswordHash: argocd.adminPasswordHash,
  })
}

/**
 * Everything a new machine is told.
 * @param machine.volumeId id of the data volume, part of its device path
 * @param machine.address public IPv4, a name in the API server's certificate
 * @throws CosmosError `user-data-too-large`
 */
export function userDataOf(
  config: Config,
  vault: VaultContents,
  machine: { volumeId: number; address: string },
  options: RenderOptions = {},
): UserData {
  const manifests = manifestsOf(config, vault, options)
  const secrets = manifests.flatMap(({ name, secrets: made }) =>
    made.map(secret => ({ file: name, ...secret })),
  )
  return userData({
    config,
    ...machine,
    device: volumeDevice(machine.volumeId),
    mountOptions,
    sshHostKey: (options.maskSecrets ? maskedVault(vault) : vault).sshHostKey,
    manifests,
    paths,
    scripts: {
      firstBoot: firstBootScript({ config, volumeId: machine.volumeId }),
      node: nodeScript({ volumeId: machine.volumeId, secrets }),
    },
  })
}
