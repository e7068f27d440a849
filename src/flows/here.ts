import { dirname, join } from 'node:path'
import type { Cli } from '../cli/index.ts'
import { openState, type State } from '../state/index.ts'
import { labDir } from './lab-dir.ts'

export type Here = {
  cluster: string | null
  state: 'no-project' | 'not-made' | 'unfinished' | 'made'
  address: string | null
  lab: boolean
  next: string[]
}

/** Where things stand in this folder and what to type next, from files alone: no network, no passphrase. */
export async function here(cli: Cli): Promise<Here> {
  const { findConfig } = await import('../config/index.ts')
  const configPath = cli.config ?? (await findConfig(cli.cwd))
  const lab = await labRuns(cli, configPath)
  const state =
    configPath === undefined ? undefined : await openState(join(dirname(configPath), '.cosmos')).read()
  const found = standing(configPath, state, lab)
  for (const line of found.text) cli.out(line)
  cli.out()
  cli.out('Try next:')
  for (const line of found.next) cli.out(`  ${line}`)
  const { address } = state?.resources ?? {}
  return {
    cluster: state?.cluster ?? null,
    state: found.state,
    address: address ?? null,
    lab,
    next: found.next,
  }
}

function standing(
  configPath: string | undefined,
  state: State | undefined,
  lab: boolean,
): { state: Here['state']; text: string[]; next: string[] } {
  const labNext = lab
    ? ['cosmos status --lab     see the machine on the lab', 'cosmos lab stop         end the lab']
    : ['cosmos up --lab         try it on this machine, without an account']
  if (configPath === undefined) {
    const text = ['There is no cosmos.yaml here.', ...(lab ? ['A lab is running in this folder.'] : [])]
    return {
      state: 'no-project',
      text,
      next: [...labNext, 'cosmos init             describe a machine and its secrets'],
    }
  }
  if (state?.operation) {
    const { kind, startedAt } = state.operation
    const text = [`${state.cluster}: "cosmos ${kind}" of ${startedAt} was cut off, or is still running.`]
    return {
      state: 'unfinished',
      text,
      next: [`cosmos ${kind.padEnd(16)} continue`, 'cosmos status           see where things stand'],
    }
  }
  if (state?.resources.server === undefined) {
    const kept = state?.resources.volume === undefined ? '' : ' Its volume is kept.'
    const text = [`${configPath} describes a machine that is not there yet.${kept}`]
    return {
      state: 'not-made',
      text,
      next: [
        'cosmos up --plan        see what would be made and what it costs',
        'cosmos up               make it',
        ...labNext,
      ],
    }
  }
  const text = [`${state.cluster} is at ${state.resources.address ?? 'an unknown address'}.`]
  return {
    state: 'made',
    text,
    next: [
      'cosmos status           see whether it is healthy',
      'cosmos up --plan        see whether it is as cosmos.yaml says',
    ],
  }
}

async function labRuns(cli: Cli, configPath: string | undefined): Promise<boolean> {
  const dir = labDir(cli, configPath)
  const { labStatus } = await import('../lab/index.ts')
  return (await labStatus(dir))?.running === true
}
