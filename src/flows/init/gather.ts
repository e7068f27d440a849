import { basename } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import type { ProjectAnswers } from './answers.ts'
import { answer, checked, mayAsk } from './ask.ts'
import { askDomain } from './ask-domain.ts'
import { askLock } from './ask-lock.ts'
import { askPlace } from './ask-place.ts'
import { askRepository } from './ask-repository.ts'
import { type AnswerChecks, answerChecks } from './checks.ts'
import type { Cloud } from './cloud.ts'
import type { InitFlags } from './flags.ts'
import { monthlyCosts, volumeMonthlyGross } from './monthly-costs.ts'

/** Everything but the login key, which is made only when all else is settled. */
export type Gathered = { answers: Omit<ProjectAnswers, 'ssh'>; costs: ReturnType<typeof monthlyCosts> }

const usualVolumeGb = 20

/** All questions, in order. @param dir folder of the project, whose name is the cluster's by default */
export async function gather(cli: Cli, flags: InitFlags, cloud: Cloud, dir: string): Promise<Gathered> {
  const checks = await answerChecks()
  const name = await askName(cli, flags, checks, dir)
  const place = await askPlace(cli, flags, cloud)
  const volumeSizeGb = await askVolumeSize(cli, flags, checks, cloud)
  const allow = flags.allow && checked('allow', flags.allow, checks.allow)
  const git = await askRepository(cli, flags)
  const domain = await askDomain(cli, flags, checks)
  const hetznerToken = (await keepsToken(cli, flags, cloud)) ? cloud.token : undefined
  const lock = await askLock(cli, flags)
  const [location = ''] = place.locations
  return {
    answers: {
      ...{ name, locations: place.locations, serverTypes: place.serverTypes, volumeSizeGb, allow },
      ...{ git, ...domain, hetznerToken, lock },
    },
    costs: monthlyCosts(place.offer, location, volumeSizeGb, cloud.prices),
  }
}

function askName(cli: Cli, flags: InitFlags, { name: check }: AnswerChecks, dir: string): Promise<string> {
  const preset = nameFrom(basename(dir))
  return answer(cli, {
    flag: 'name',
    what: 'name of the cluster',
    given: flags.name,
    preset,
    check,
    ask: async () => {
      const { askText } = await import('../prompts.ts')
      return askText('Name of the cluster, the server and the node:', cli.signal, { default: preset, check })
    },
  })
}

/** An RFC 1123 label as close to the text as can be. */
export function nameFrom(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
  return label === '' ? 'cosmos' : label
}

function askVolumeSize(cli: Cli, flags: InitFlags, checks: AnswerChecks, { prices }: Cloud): Promise<number> {
  const check = checks.volumeSizeGb
  return answer(cli, {
    flag: 'volume-size',
    what: 'size of the data volume in GB',
    given: flags['volume-size'],
    preset: usualVolumeGb,
    check,
    ask: async () => {
      const { askText } = await import('../prompts.ts')
      const perGb = volumeMonthlyGross(1, prices).toFixed(3)
      const message = `Data volume in GB (${prices.currency} ${perGb}/month each; can grow, never shrink):`
      const typed = await askText(message, cli.signal, {
        default: String(usualVolumeGb),
        check: text => check(Number(text)),
      })
      return Number(typed)
    },
  })
}

/** A token from the environment stays there unless told; any other would be gone with the next command. */
async function keepsToken(cli: Cli, flags: InitFlags, { from }: Cloud): Promise<boolean> {
  if (flags['store-token'] !== undefined) return flags['store-token']
  if (from === 'environment' || !mayAsk(cli)) return from === 'typed'
  const { confirm } = await import('../prompts.ts')
  return confirm('Keep the API token in the vault? Else HCLOUD_TOKEN must be set each time.', cli.signal, {
    default: true,
  })
}
