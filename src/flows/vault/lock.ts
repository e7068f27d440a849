import { readFile } from 'node:fs/promises'
import type { Cli } from '../../cli/index.ts'
import { messageOf, UsageError } from '../../errors.ts'
import { ageRecipient, writeVault } from '../../vault/index.ts'
import { agree } from '../agree.ts'
import { openVault } from './open.ts'

/** Same least length as `cosmos init`. */
const shortestPassphrase = 8

/** `cosmos vault passphrase`: locks the vault by a new passphrase; from then on neither the old one nor recipients open it. */
export async function changePassphrase(cli: Cli): Promise<Record<string, unknown>> {
  const vault = await openVault(cli)
  const { recipients } = vault.contents
  if (recipients !== undefined) {
    await agree(
      cli,
      `The vault is for ${recipients.length} recipients now. Lock it by a passphrase instead?`,
      {
        code: 'not-confirmed',
        hint: 'cosmos vault passphrase --yes',
      },
    )
  }
  await writeVault(vault.home.vaultPath, vault.contents, { passphrase: await newPassphrase(cli) })
  cli.out('The vault has a new passphrase. Earlier commits still open with the old one.')
  return { lock: 'passphrase' }
}

export type RecipientChange = { add: readonly string[]; remove: readonly string[]; set: readonly string[] }

/** `cosmos vault recipients`: who can open the vault; with a change, locks it for the new set. */
export async function changeRecipients(cli: Cli, change: RecipientChange): Promise<Record<string, unknown>> {
  const vault = await openVault(cli)
  const before = vault.contents.recipients ?? []
  if (change.add.length + change.remove.length + change.set.length === 0) {
    for (const recipient of before) cli.out(recipient)
    if (before.length === 0) cli.note('Nobody by name: the vault opens with its passphrase.')
    return { recipients: before }
  }
  const recipients = await changedRecipients(before, change)
  if (before.length === 0) {
    await agree(cli, 'The vault opens with a passphrase now. Lock it for these recipients instead?', {
      code: 'not-confirmed',
      hint: 'Run it again with --yes',
    })
  }
  await writeVault(vault.home.vaultPath, vault.contents, { recipients })
  for (const recipient of recipients) cli.out(recipient)
  cli.note(
    'Whoever was removed still opens earlier commits, and keeps what they have read: change the secrets.',
  )
  return { recipients }
}

async function changedRecipients(
  before: readonly string[],
  { add, remove, set }: RecipientChange,
): Promise<string[]> {
  const start = set.length > 0 ? set : before
  const unknown = remove.filter(recipient => !start.some(known => isSame(known, recipient)))
  if (unknown.length > 0) throw bad(`Not among the recipients: ${unknown.join(', ')}.`)
  const recipients = [...start, ...add].map(recipient => recipient.trim())
  for (const recipient of recipients) await ageRecipient(recipient)
  const left = [...new Set(recipients)].filter(known => !remove.some(recipient => isSame(known, recipient)))
  if (left.length > 0) return left
  throw bad('Nobody would be left who could open the vault.')
}

/** An SSH key may be named without its comment. */
function isSame(known: string, named: string): boolean {
  const core = (text: string) => text.trim().split(/\s+/).slice(0, 2).join(' ')
  return core(known) === core(named)
}

/** COSMOS_NEW_PASSPHRASE or COSMOS_NEW_PASSPHRASE_FILE, else typed twice. */
async function newPassphrase(cli: Cli): Promise<string> {
  const given = await givenPassphrase(cli)
  if (given !== undefined) return longEnough(given)
  if (!cli.interactive) {
    throw new UsageError('There is nobody to ask for the new passphrase.', {
      code: 'vault-new-passphrase',
      hint: 'Set COSMOS_NEW_PASSPHRASE or COSMOS_NEW_PASSPHRASE_FILE.',
    })
  }
  const { askSecret } = await import('../prompts.ts')
  const check = (text: string) =>
    text.length < shortestPassphrase ? `At least ${shortestPassphrase} characters` : undefined
  const first = await askSecret('New passphrase:', cli.signal, { check })
  const again = (text: string) => (text === first ? undefined : 'Not the same')
  return askSecret('New passphrase again:', cli.signal, { check: again })
}

async function givenPassphrase({ env }: Cli): Promise<string | undefined> {
  if (env.COSMOS_NEW_PASSPHRASE) return env.COSMOS_NEW_PASSPHRASE
  if (!env.COSMOS_NEW_PASSPHRASE_FILE) return undefined
  try {
    return (await readFile(env.COSMOS_NEW_PASSPHRASE_FILE, 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    throw bad(`The file that COSMOS_NEW_PASSPHRASE_FILE names cannot be read: ${messageOf(error)}`)
  }
}

function longEnough(passphrase: string): string {
  if (passphrase.length >= shortestPassphrase) return passphrase
  throw bad(`The new passphrase is too short: at least ${shortestPassphrase} characters.`)
}

function bad(message: string): UsageError {
  return new UsageError(message, { code: 'vault-lock' })
}
