import type { Config } from '../config/schema.ts'
import type { ManifestFile } from '../manifests/index.ts'

/** Everything a new machine is told. */
export type UserDataInput = {
  config: Config
  volumeId: number
  /** Path of the volume's device, and how it is mounted. */
  device: string
  mountOptions: string
  /** Public IPv4, a name in the API server's certificate. */
  address: string
  /** OpenSSH private key and authorized_keys-style public key. */
  sshHostKey: { privateKey: string; publicKey: string }
  manifests: readonly ManifestFile[]
  /** Where things go on the machine, by the room that reads them again. */
  paths: { firstBootScript: string; nodeScript: string; unfinished: string; manifests: string; data: string }
  scripts: { firstBoot: string; node: string }
}

/** A file of cloud-init's `write_files`. */
export type MachineFile = { path: string; content: string; permissions: string }
