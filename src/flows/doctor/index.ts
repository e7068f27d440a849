import type { Cli } from '../../cli/index.ts'
import { exitCodes } from '../../errors.ts'
import type { VaultContents } from '../../vault/index.ts'
import { type GitopsHome, gitopsHome } from '../gitops/home.ts'
import { openVault } from '../vault/open.ts'
import type { Finding } from './finding.ts'
import { tokenFindings } from './git-token.ts'
import { folderFindings, sealingFinding } from './project-findings.ts'
import { registryFinding } from './registry.ts'
import { repositoryFinding } from './repository.ts'

/**
 * `cosmos doctor`: what would keep the cluster from coming back by itself. Looks at files, vault and the Git host; changes nothing.
 * What cannot be reached is said, and is no failure. `COSMOS_GIT_API`, `COSMOS_GIT_HOST` and `COSMOS_REGISTRY` name other base URLs
 * for the host's API, the repository and the registry (a proxy, a mirror).
 */
export async function doctor(cli: Cli): Promise<{ findings: Finding[] }> {
  const home = await gitopsHome(cli)
  const now = new Date()
  const vault = await openVault(cli)
  const findings = [
    ...(await folderFindings(cli, home)),
    await sealingFinding(vault.contents, vault.home.certificatePath, now),
    ...(await accessFindings(cli, home, vault.contents, now)),
  ]
  cli.table([['WHAT', 'STATE', ''], ...findings.map(({ what, state, message }) => [what, state, message])])
  for (const { what, hint } of findings) if (hint !== undefined) cli.note(`${what}: ${hint}`)
  if (findings.some(({ state }) => state === 'unknown'))
    cli.note('What is "unknown" could not be reached from here; it may be all right.')
  if (findings.some(({ state }) => state === 'failed')) cli.exitWith(exitCodes.unhealthy)
  return { findings }
}

async function accessFindings(
  { env, signal }: Cli,
  { config }: GitopsHome,
  { git }: VaultContents,
  now: Date,
): Promise<Finding[]> {
  const { url } = config.git
  const writes = config.apps.images.length > 0
  const repository = { url, credential: git, host: env.COSMOS_GIT_HOST, signal }
  const questions = [
    ...(git === undefined
      ? []
      : [tokenFindings({ url, token: git.token, writes, now, api: env.COSMOS_GIT_API, signal })]),
    repositoryFinding('read', repository),
    ...(writes ? [repositoryFinding('write', repository)] : []),
    ...(git === undefined
      ? []
      : config.apps.images.map(({ image }) =>
          registryFinding(image, git, { registry: env.COSMOS_REGISTRY, signal }),
        )),
  ]
  return (await Promise.all(questions)).flat()
}
