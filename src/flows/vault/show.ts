import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { openVault } from './open.ts'

const mask = '••••••••'
/** What is public anyway, and says which vault this is. */
const open = ['version', 'sealing.keys.*.certificate', 'sshHostKey.publicKey', 'git.username', 'recipients.*']

/** `cosmos vault show`: what is in the vault; secrets masked unless asked for. @param field dotted path of one value */
export async function showVault(
  cli: Cli,
  { field, reveal }: { field: string | undefined; reveal: boolean },
): Promise<Record<string, unknown>> {
  const { contents } = await openVault(cli)
  if (field === undefined) {
    const { stringify } = await import('yaml')
    const shown = reveal ? contents : masked(contents)
    cli.out(stringify(shown, { lineWidth: 0 }).trimEnd())
    return { vault: shown }
  }
  const value = valueAt(contents, field)
  const hidden = !reveal && (cli.json || Boolean(process.stdout.isTTY)) && !isOpen(field.split('.'))
  const text = hidden ? mask : value
  if (hidden) cli.note('Masked; show it with --reveal.')
  cli.out(text.trimEnd())
  return { field, value: text }
}

/** A copy in which every secret text is dots. */
function masked(value: unknown, path: readonly string[] = []): unknown {
  if (typeof value === 'string') return isOpen(path) ? value : mask
  if (Array.isArray(value)) return value.map((item, index) => masked(item, [...path, String(index)]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, [...path, key])]))
}

/** By the whole path: a password may be kept under any name. */
function isOpen(path: readonly string[]): boolean {
  return open.includes(path.map(key => (/^\d+$/.test(key) ? '*' : key)).join('.'))
}

/** The text at a dotted path such as `argocd.adminPassword` or `sealing.keys.0.certificate`. */
function valueAt(contents: object, field: string): string {
  let value: unknown = contents
  for (const key of field.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined
  }
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new UsageError(`The vault has no value ${field}.`, {
    code: 'vault-field',
    hint: 'See what there is: cosmos vault show',
  })
}
