import { parseArguments } from '../../commands/arguments.ts'

const valued = [
  'n',
  'namespace',
  'o',
  'output',
  'l',
  'selector',
  'f',
  'filename',
  'field-selector',
  'timeout',
  'grace-period',
  'for',
  'c',
  'container',
  'tail',
  'since',
  'context',
  'kubeconfig',
  's',
  'server',
  'raw',
  'p',
  'patch',
  'type',
  'from-literal',
  'from-file',
  'sort-by',
  'replicas',
  'pod-selector',
  'field-manager',
  'cascade',
  'subresource',
  'k',
]

/** Words and flags of a kubectl command line. */
export type Options = {
  words: string[]
  namespace: string
  allNamespaces: boolean
  has(name: string): boolean
  value(...names: string[]): string | undefined
  all(name: string): string[]
  /** Milliseconds of --timeout; undefined when not given or 0. */
  timeoutMs: number | undefined
  /** After `--`. */
  command: string[]
}

/** `90s`, `5m`, `1m30s`, `0` → milliseconds. */
export function goDurationMs(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  let ms = 0
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|h|m|s)/g))
    ms += Number(number) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 's']
  return ms
}

export function readOptions(args: readonly string[]): Options {
  const end = args.indexOf('--')
  const { flags, values, all, rest } = parseArguments(end < 0 ? args : args.slice(0, end), valued)
  const value = (...names: string[]) => names.map(name => values.get(name)).find(found => found !== undefined)
  const timeout = value('timeout')
  return {
    words: rest,
    namespace: value('n', 'namespace') ?? 'default',
    allNamespaces: flags.has('A') || flags.has('all-namespaces'),
    has: name => flags.has(name) && values.get(name) !== 'false',
    value,
    all,
    timeoutMs: timeout === undefined ? undefined : goDurationMs(timeout) || undefined,
    command: end < 0 ? [] : args.slice(end + 1),
  }
}
