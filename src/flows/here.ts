import { dirname, join } from 'node:path'
import { asTyped, type Cli } from '../cli/index.ts'
import { openState, type State } from '../state/index.ts'
import { labDir } from './lab-dir.ts'

export type Here = {
  cluster: string | null
  state: 'no-project' | 'not-made' | 'unfinished' | 'made'
  address: string | null
  lab: boolean
  next: string[]
}

type Next = [command: string, meaning: string]
type Standing = { state: Here['state']; text: string[]; next: Next[] }

const begin: Next = ['cosmos init', 'describe a machine and its secrets']
const tryLab: Next = ['cosmos up --lab', 'try it on this machine, without an account']
const endLab: Next = ['cosmos lab stop', 'end the lab']

/**
 * Where things stand in this folder and what to type next, from files alone: no network, no passphrase.
 * With `--lab`, or where there is nothing but a lab, it is about the machine on the lab.
 */
export async function here(cli: Cli): Promise<Here> {
  const { findConfig } = await import('../config/index.ts')
  const configPath = cli.config ?? (await findConfig(cli.cwd))
  const dir = labDir(cli, configPath)
  const { labStatus } = await import('../lab/index.ts')
  const lab = (await labStatus(dir))?.running === true
  const onLab = cli.lab !== 'off' || (configPath === undefined && lab)
  const folder = onLab ? join(dir, 'project') : configPath && dirname(configPath)
  const state = folder === undefined ? undefined : await openState(join(folder, '.cosmos')).read()
  const found = onLab ? labStanding(state, lab, configPath) : standing(configPath, state, lab)
  const typing = onLab ? { ...cli, lab: 'sim' as const } : cli
  const next = nextLines(found.next.map(([command, meaning]) => [asTyped(command, typing), meaning]))
  for (const line of [...found.text, '', 'Try next:', ...next.map(line => `  ${line}`)]) cli.out(line)
  return {
    cluster: state?.cluster ?? null,
    state: found.state,
    address: state?.resources.address ?? null,
    lab,
    next,
  }
}

function nextLines(next: readonly Next[]): string[] {
  const width = Math.max(...next.map(([command]) => command.length))
  return next.map(([command, meaning]) => `${command.padEnd(width)}   ${meaning}`)
}

function standing(configPath: string | undefined, state: State | undefined, lab: boolean): Standing {
  if (configPath === undefined)
    return { state: 'no-project', text: ['There is no cosmos.yaml here.'], next: [tryLab, begin] }
  const made = machine(state)
  if (made !== undefined) return made
  const kept = state?.resources.volume === undefined ? '' : ' Its volume is kept.'
  const next: Next[] = [
    ['cosmos up --plan', 'see what would be made and what it costs'],
    ['cosmos up', 'make it'],
    ...(lab ? [['cosmos status --lab', 'see the machine on the lab'] satisfies Next, endLab] : [tryLab]),
  ]
  return {
    state: 'not-made',
    text: [`${configPath} describes a machine that is not there yet.${kept}`],
    next,
  }
}

function labStanding(state: State | undefined, lab: boolean, configPath: string | undefined): Standing {
  const none = configPath === undefined
  const end = [...(lab ? [endLab] : []), ...(none ? [begin] : [])]
  const text = [
    ...(none ? ['There is no cosmos.yaml here.'] : []),
    lab ? 'A lab is running in this folder.' : 'No lab is running in this folder.',
  ]
  const made = machine(state)
  if (made !== undefined) {
    return { ...made, text: [...text, `On the lab: ${made.text.join(' ')}`], next: [...made.next, ...end] }
  }
  return { state: none ? 'no-project' : 'not-made', text, next: [tryLab, ...end] }
}

/** A machine that is there, or on its way. */
function machine(state: State | undefined): Standing | undefined {
  if (state?.operation) {
    const { kind, startedAt } = state.operation
    return {
      state: 'unfinished',
      text: [`${state.cluster}: "cosmos ${kind}" of ${startedAt} was cut off, or is still running.`],
      next: [
        [`cosmos ${kind}`, 'continue'],
        ['cosmos status', 'see where things stand'],
      ],
    }
  }
  if (state?.resources.server === undefined) return undefined
  return {
    state: 'made',
    text: [`${state.cluster} is at ${state.resources.address ?? 'an unknown address'}.`],
    next: [
      ['cosmos status', 'see whether it is healthy'],
      ['cosmos up --plan', 'see whether it is as cosmos.yaml says'],
    ],
  }
}
