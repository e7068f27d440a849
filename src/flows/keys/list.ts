import type { Cli } from '../../cli/index.ts'
import type { RingKey } from '../../sealing/index.ts'
import { openRing } from '../seal/ring.ts'

/** `cosmos key list`: every sealing key, newest first, by the fingerprints that the controller logs. */
export async function listKeys(cli: Cli): Promise<Record<string, unknown>> {
  const now = new Date()
  const keys = (await openRing(cli)).map((key, index) => described(key, index === 0, now))
  cli.table([
    ['FINGERPRINT', 'FROM', 'UNTIL', 'BITS', 'USE'],
    ...keys.map(({ fingerprint, from, until, bits, use }) => [
      fingerprint,
      from.slice(0, 10),
      until.slice(0, 10),
      String(bits),
      use,
    ]),
  ])
  return { keys }
}

function described({ fingerprint, notBefore, notAfter, bits }: RingKey, isNewest: boolean, now: Date) {
  const use = !isNewest ? 'opens' : notAfter < now ? 'opens; expired, seals no more' : 'seals and opens'
  return { fingerprint, from: notBefore.toISOString(), until: notAfter.toISOString(), bits, use }
}
