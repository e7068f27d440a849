import type { VaultContents } from '../vault/contents.ts'

const mask = '<secret>'

/** The vault with every secret replaced; public halves stay, so that what is made from it still reads true. */
export function maskedVault(vault: VaultContents): VaultContents {
  return {
    ...vault,
    ...(vault.hetzner === undefined ? {} : { hetzner: { token: mask } }),
    ...(vault.git === undefined ? {} : { git: { username: vault.git.username, token: mask } }),
    sealing: { keys: vault.sealing.keys.map(({ certificate }) => ({ certificate, privateKey: mask })) },
    sshHostKey: { publicKey: vault.sshHostKey.publicKey, privateKey: mask },
    argocd: { adminPassword: mask, adminPasswordHash: mask },
    ...(vault.passwords === undefined
      ? {}
      : { passwords: Object.fromEntries(Object.keys(vault.passwords).map(name => [name, mask])) }),
  }
}
