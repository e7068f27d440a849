/** Everything that `cosmos init` has to know before it writes a project. */
export type ProjectAnswers = {
  name: string
  /** In order of preference. */
  locations: string[]
  /** In order of preference. */
  serverTypes: string[]
  volumeSizeGb: number
  /** Source addresses (CIDR) that may reach SSH and the Kubernetes API; everybody when left out. */
  allow?: string[] | undefined
  domain?: string | undefined
  acmeEmail?: string | undefined
  git: {
    /** https, without a credential. */
    url: string
    branch?: string | undefined
    path?: string | undefined
    username?: string | undefined
    /** Absent for a public repository. */
    token?: string | undefined
  }
  ssh: {
    publicKey: string
    /** As it will stand in cosmos.yaml: may begin with `~`. */
    privateKey: string
    port?: number | undefined
  }
  /** Hetzner token for the vault; absent when it stays in the environment. */
  hetznerToken?: string | undefined
  /** Who may open the vault: a passphrase, or age and SSH public keys. */
  lock: { passphrase: string } | { recipients: string[] }
}
