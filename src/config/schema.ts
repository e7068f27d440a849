import { z } from 'zod'

/** RFC 1123 label: what Hetzner takes as a server name and Kubernetes as a node name. */
const rfc1123 = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const cidr = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'must be a source address in CIDR form, e.g. 203.0.113.7/32',
})
/** One line of authorized_keys. Never matches a private key. */
const publicKeyLine =
  /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com) [A-Za-z0-9+/]+={0,3}( .*)?$/
/** Neither user name nor password before the host: `cosmos.yaml` is in Git. */
const urlWithoutCredential = /^https:\/\/[^/@]+(\/|$)/

/** A relative path of at least one part that never climbs. */
const insideRepository = /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\]+$/
/** An image at GHCR without tag: names there are lower-case. */
const ghcrImage = /^ghcr\.io\/[a-z0-9]+([._/-][a-z0-9]+)+$/

/**
 * `cosmos.yaml`: the one source of validation, of the `Config` type and of the published JSON Schema.
 * Every key has a description, because editors show it.
 */
export const configSchema = z.strictObject({
  name: z
    .string()
    .regex(rfc1123, 'must be an RFC 1123 label: lower-case letters, digits and "-", at most 63 characters')
    .describe(
      'Name of the cluster, the server and the Kubernetes node. Every cloud resource carries it as label.',
    ),
  locations: z
    .array(z.string().min(1))
    .min(1)
    .describe('Hetzner locations in order of preference, e.g. nbg1. Fixed by the volume once it exists.'),
  server: z
    .strictObject({
      types: z
        .array(z.string().min(1))
        .min(1)
        .describe('Server types in order of preference, e.g. cx23. The first in stock is taken.'),
      image: z.string().min(1).default('ubuntu-24.04').describe('System image.'),
    })
    .describe('The machine. It is replaceable; the volume and the address are not.'),
  volume: z
    .strictObject({
      sizeGb: z
        .int()
        .min(10, 'must be at least 10 (GB), the smallest volume Hetzner makes')
        .max(10240, 'must be at most 10240 (GB), the largest volume Hetzner makes')
        .describe('Size of the data volume in GB, mounted at /data. Grows, never shrinks.'),
    })
    .describe('What has to last: databases, metrics, certificates. Outlives every server.'),
  network: z
    .strictObject({
      ipv6: z.boolean().default(true).describe('Reserve a Primary IPv6 beside the IPv4.'),
      allow: z
        .array(cidr)
        .min(1)
        .default(['0.0.0.0/0', '::/0'])
        .describe(
          'Source addresses (CIDR) that may reach SSH and the Kubernetes API. 80 and 443 are open to all.',
        ),
    })
    .prefault({})
    .describe('Addresses, and who may reach what.'),
  domain: z
    .hostname('must be a host name, e.g. example.org')
    .optional()
    .describe(
      'Domain that points at the address; Argo CD answers at argocd.DOMAIN. Without it there is no Ingress.',
    ),
  acme: z
    .strictObject({
      email: z.email('must be an e-mail address').describe("Let's Encrypt sends expiry warnings there."),
    })
    .optional()
    .describe('TLS certificates. Without it there are none.'),
  git: z
    .strictObject({
      url: z
        .url({ protocol: /^https$/, error: 'must be an https:// URL', abort: true })
        .regex(
          urlWithoutCredential,
          'carries a credential, and cosmos.yaml is in Git: take it out (cosmos vault edit is the place for it, "git.token"), and revoke it if it was ever pushed',
        )
        .describe('Repository that Argo CD reads.'),
      branch: z.string().min(1).default('main').describe('Branch that Argo CD follows.'),
      path: z
        .string()
        .regex(insideRepository, 'must be a folder inside the repository: no "/" in front, no ".."')
        .default('cosmos/argocd/apps')
        .describe('Folder of the App-of-Apps in the repository.'),
    })
    .describe('The repository that the root Application points at.'),
  ssh: z
    .strictObject({
      port: z.int().min(1).max(65535).default(22).describe('Port of sshd on the server.'),
      publicKey: z
        .string()
        .regex(publicKeyLine, 'must be one public key as in authorized_keys, e.g. ssh-ed25519 AAAA…')
        .describe('Public key that may log in as root, as in authorized_keys.'),
      privateKey: z
        .string()
        .min(1)
        .default('~/.ssh/id_ed25519')
        .describe('Where the private key lies on this machine. An SSH agent is asked first.'),
    })
    .describe('How cosmos and you log in.'),
  k3s: z
    .strictObject({
      version: z
        .string()
        .regex(/^v\d+\.\d+\.\d+\+k3s\d+$/, 'must look like v1.37.1+k3s1')
        .default('v1.37.1+k3s1')
        .describe('K3s release.'),
    })
    .prefault({})
    .describe('Kubernetes.'),
  argocd: z
    .strictObject({
      chartVersion: z.string().min(1).default('10.1.1').describe('Version of the argo-cd Helm chart.'),
    })
    .prefault({})
    .describe('Argo CD, which puts into the cluster what the repository says.'),
  apps: z
    .strictObject({
      monitoring: z
        .boolean()
        .default(true)
        .describe('Prometheus, Alertmanager and Grafana, on two fifths of the volume.'),
      images: z
        .array(
          z.strictObject({
            application: z
              .string()
              .regex(rfc1123, 'must be an RFC 1123 label: lower-case letters, digits and "-"')
              .describe('Name of the Argo CD Application that runs the image.'),
            image: z
              .string()
              .regex(ghcrImage, 'must be an image at ghcr.io without a tag, e.g. ghcr.io/OWNER/NAME')
              .describe('Image whose highest numeric tag is written to Git.'),
          }),
        )
        .default([])
        .describe('Images at GHCR that are kept current. With any, the image updater is installed.'),
      example: z.boolean().default(true).describe('An example that shows data outliving the machine.'),
    })
    .prefault({})
    .describe('What cosmos gitops init writes into the folder that Argo CD reads.'),
})

export type Config = z.output<typeof configSchema>
export type ConfigInput = z.input<typeof configSchema>
