import type { Cli } from '../../cli/index.ts'
import { generateSealingKey, newestKey } from '../../sealing/index.ts'
import { agree } from '../agree.ts'
import { openVault } from '../vault/open.ts'
import { writeCertificate } from './certificate-file.ts'

/**
 * `cosmos key rotate`: a new key beside the old ones, which go on opening what they sealed.
 * The cluster learns of it with its next machine, or right away from `cosmos key backup`.
 */
export async function rotateKey(cli: Cli, years: number): Promise<Record<string, unknown>> {
  const vault = await openVault(cli)
  const { keys } = vault.contents.sealing
  const old = newestKey(keys)
  await agree(cli, 'Make a new sealing key? What is sealed from now on needs it in the cluster.', {
    code: 'not-confirmed',
    hint: 'cosmos key rotate --yes',
  })
  const key = await generateSealingKey({ notBefore: startAfter(old.notBefore, new Date()), years })
  const changed = [...keys, key]
  // The vault first: a certificate whose key is lost would seal what nobody opens.
  await vault.save({ ...vault.contents, sealing: { keys: changed } })
  await writeCertificate(cli, vault.home.certificatePath, changed)
  const { fingerprint } = newestKey(changed)
  cli.out(`New sealing key ${fingerprint}; ${changed.length} keys are in use.`)
  cli.note('The cluster does not know it yet. Do this before anything sealed with it is pushed:')
  cli.note('  cosmos swap')
  cli.note('or, without a new machine:')
  cli.note(
    '  cosmos key backup | kubectl apply -f - && kubectl -n kube-system rollout restart deploy/sealed-secrets-controller',
  )
  cli.note('Then move what is sealed: cosmos seal --reseal DIR')
  return { fingerprint, previous: old.fingerprint, keys: changed.length }
}

/** The controller seals with the key whose validity starts last: never the same second twice, even when the clock went back. */
function startAfter(previous: Date, now: Date): Date {
  return now.getTime() > previous.getTime() + 1000 ? now : new Date(previous.getTime() + 1000)
}
