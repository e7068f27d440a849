import type { Cli } from '../cli/index.ts'
import { UsageError } from '../errors.ts'
import type { VaultContents } from '../vault/contents.ts'

/**
 * The API token of a project: HCLOUD_TOKEN, else the vault's. The active hcloud context is no source here:
 * it may belong to another project, and `cosmos init` offers to take its token over.
 * @throws UsageError `token-missing`
 */
export async function findToken(cli: Cli, vault: () => Promise<VaultContents>): Promise<string> {
  const fromEnv = cli.env.HCLOUD_TOKEN?.trim()
  if (fromEnv) return fromEnv
  const token = (await vault()).hetzner?.token
  if (token) return token
  throw new UsageError(
    'There is no Hetzner Cloud API token: HCLOUD_TOKEN is not set, and the vault holds none.',
    {
      code: 'token-missing',
      hint: 'Make one with read and write rights in the Hetzner Console (Security → API tokens), then: export HCLOUD_TOKEN=…',
    },
  )
}
