import { CosmosError } from '../errors.ts'
import type { VaultContents } from './contents.ts'

/** Newest version of the contents that this cosmos understands. */
const vaultVersion = 1

/** The contents as the YAML text that lies inside the age file. */
export async function vaultText(contents: VaultContents): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(contents, { lineWidth: 0 })
}

/**
 * The YAML text of a vault, checked against the schema.
 * Messages name places and keys, never values: what is in here is secret.
 * @throws CosmosError `vault-newer`, `vault-broken`
 */
export async function parseVaultText(text: string): Promise<VaultContents> {
  const value = await parseYaml(text)
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version > vaultVersion) {
    throw new CosmosError(
      `The vault was written by a newer cosmos (version ${version}, this one knows ${vaultVersion}).`,
      {
        code: 'vault-newer',
        hint: 'Update cosmos: npm install -g cosmos-hetzner@latest',
      },
    )
  }
  const { vaultSchema } = await import('./schema.ts')
  const result = vaultSchema.safeParse(value)
  if (result.success) return result.data
  throw broken(
    result.error.issues.map(issue => {
      const place = issue.path.join('.') || 'top level'
      const keys = issue.code === 'unrecognized_keys' ? `: ${issue.keys.join(', ')}` : ''
      return `${place}: ${issue.code.replaceAll('_', ' ')}${keys}`
    }),
  )
}

async function parseYaml(text: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { prettyErrors: false, lineCounter, logLevel: 'silent' })
  const [error] = document.errors
  if (error === undefined) {
    try {
      return document.toJS({ maxAliasCount: 0 })
    } catch {
      // The library's sentence would quote the name of an alias.
      throw broken(['an alias, which cosmos never writes'])
    }
  }
  const { line, col } = lineCounter.linePos(error.pos[0])
  throw broken([`line ${line}, column ${col}: ${error.code.toLowerCase().replaceAll('_', ' ')}`])
}

function broken(details: string[]): CosmosError {
  return new CosmosError('What is inside the vault is not what cosmos writes there.', {
    code: 'vault-broken',
    hint: 'Take the vault of an earlier commit: git log -- cosmos.vault.age',
    details,
  })
}
