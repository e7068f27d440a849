import { z } from 'zod'
import type { VaultContents } from './contents.ts'

const text = z.string().min(1)

/** What `VaultContents` must look like when it is read back. Unknown keys are refused, so that a typo in `vault edit` is found. */
export const vaultSchema: z.ZodType<VaultContents> = z.strictObject({
  version: z.literal(1),
  hetzner: z.strictObject({ token: text }).exactOptional(),
  git: z.strictObject({ username: text, token: text }).exactOptional(),
  sealing: z.strictObject({
    keys: z.array(z.strictObject({ certificate: text, privateKey: text })).min(1),
  }),
  sshHostKey: z.strictObject({ privateKey: text, publicKey: text }),
  argocd: z.strictObject({ adminPassword: text, adminPasswordHash: text }),
  passwords: z.record(z.string(), z.string()).exactOptional(),
  recipients: z.array(text).min(1).exactOptional(),
})
