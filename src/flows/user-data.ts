import { userData } from '../cloudinit/index.ts'
import type { Config } from '../config/schema.ts'
import { bootstrapManifests, type ManifestFile } from '../manifests/index.ts'
import { firstBootScript, nodeScript } from '../node/index.ts'
import type { VaultContents } from '../vault/contents.ts'

/** The manifests that K3s finds at its first start. */
export function manifestsOf(config: Config, vault: VaultContents): ManifestFile[] {
  return bootstrapManifests({
    config,
    repository: vault.git ?? null,
    sealingKeys: vault.sealing.keys,
    argocdAdminPasswordHash: vault.argocd.adminPasswordHash,
  })
}

/**
 * Everything a new machine is told.
 * @param volumeId id of the data volume, part of its device path
 * @param address public IPv4, a name in the API server's certificate
 * @throws CosmosError `user-data-too-large`
 */
export function userDataOf(
  config: Config,
  vault: VaultContents,
  machine: { volumeId: number; address: string },
  options: { maskSecrets?: boolean } = {},
): ReturnType<typeof userData> {
  return userData({
    config,
    ...machine,
    sshHostKey: vault.sshHostKey,
    manifests: manifestsOf(config, vault),
    scripts: {
      firstBoot: firstBootScript({ config, volumeId: machine.volumeId }),
      node: nodeScript({ config, volumeId: machine.volumeId }),
    },
    ...options,
  })
}
