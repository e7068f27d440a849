/** Everything secret, as it stands in `cosmos.vault.age` (YAML inside an armored age file). */
export type VaultContents = {
  version: 1
  /** Hetzner Cloud API token; optional, because many keep it in HCLOUD_TOKEN or the hcloud context. */
  hetzner?: { token: string }
  /** Access to the repository that Argo CD reads. Absent for a public repository. */
  git?: { username: string; token: string }
  /** Key pairs of Sealed Secrets, oldest first; the newest seals. */
  sealing: { keys: SealingKey[] }
  /** The server's SSH identity, the same on every machine. OpenSSH format, PEM and authorized_keys style. */
  sshHostKey: { privateKey: string; publicKey: string }
  /** Admin password of Argo CD; the hash is stored because bcrypt salts it, and user data must not change by itself. */
  argocd: { adminPassword: string; adminPasswordHash: string }
  /** Further generated passwords by name (Grafana …). */
  passwords?: Record<string, string>
  /**
   * Who can open the vault, when that is not whoever knows the passphrase: age recipients and SSH public keys.
   * Kept inside, because an age file does not say whom it is for, and what stands outside could be added to by anyone.
   */
  recipients?: string[]
}

export type SealingKey = {
  /** PEM CERTIFICATE, self-signed, RSA 4096. */
  certificate: string
  /** PEM, PKCS#8. */
  privateKey: string
}
