import type { Config } from '../config/schema.ts'
import type { SealingKey } from '../vault/contents.ts'

/** What the bootstrap manifests are made from. */
export type ManifestInput = {
  config: Config
  /** Access to the repository; null for a public one. */
  repository: { username: string; token: string } | null
  /** Oldest first; the newest seals. */
  sealingKeys: readonly SealingKey[]
  /** bcrypt. */
  argocdAdminPasswordHash: string
}

/** One file of K3s's deploy folder. */
export type ManifestFile = {
  /** `cosmos-10-namespaces.yaml`: the folder is read in this order, and the name before the first dot must be a DNS label. */
  name: string
  /** YAML. */
  content: string
  /** Objects with secrets in them that the file makes: it is shredded when they are in the cluster. */
  secrets: { kind: string; namespace: string; name: string }[]
}
