import type { Cli } from '../../cli/index.ts'
import { CosmosError } from '../../errors.ts'
import { keyRing, newestKey } from '../../sealing/index.ts'
import { parseVaultText, type VaultContents, vaultText } from '../../vault/index.ts'
import { writeCertificate } from '../keys/certificate-file.ts'
import { editPrivately } from '../seal/private-edit.ts'
import { openVault } from './open.ts'

/** `cosmos vault edit`: the contents in an editor, checked before they are locked up again. */
export async function editVault(cli: Cli): Promise<Record<string, unknown>> {
  const vault = await openVault(cli)
  const before = await vaultText(vault.contents)
  const changed = await edited(cli, before)
  if ((await vaultText(changed)) === before) {
    cli.note('Nothing was changed.')
    return { changed: false }
  }
  // Opens every key, so that a damaged one is found now and not on the next machine.
  keyRing(changed.sealing.keys)
  await vault.save(changed)
  if (newestKey(changed.sealing.keys).fingerprint !== newestKey(vault.contents.sealing.keys).fingerprint) {
    await writeCertificate(cli, vault.home.certificatePath, changed.sealing.keys)
  }
  cli.out(`${vault.home.vaultPath} is locked again.`)
  return { changed: true }
}

async function edited(cli: Cli, before: string): Promise<VaultContents> {
  for (let text = before; ; ) {
    text = await editPrivately(cli, 'vault.yaml', text)
    try {
      return await parseVaultText(text)
    } catch (error) {
      if (!(error instanceof CosmosError) || !cli.interactive) throw error
      cli.note([error.message, ...error.details].join('\n'))
      const { confirm } = await import('../prompts.ts')
      if (!(await confirm('Edit again?', cli.signal, { default: true }))) throw error
    }
  }
}
