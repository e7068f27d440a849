import { SshError } from './errors.ts'
import { fingerprintOf, type PublicKey } from './public-key.ts'

/** Compares what the server shows with what was pinned, and remembers it for the refusal. */
export type HostKeyCheck = {
  verify: (blob: Buffer) => boolean
  refusal: (host: string, why: string) => SshError
}

export function hostKeyCheck(pinned: PublicKey): HostKeyCheck {
  let seen: Buffer | undefined
  return {
    verify(blob) {
      seen = blob
      return blob.equals(pinned.blob)
    },
    refusal: (host, why) => refusal(host, pinned, seen, why),
  }
}

/** The loud one: whoever answered there did not prove to be our server. Nothing was sent to it. */
function refusal(host: string, pinned: PublicKey, seen: Buffer | undefined, why: string): SshError {
  const shown = seen === undefined ? `none of type ${pinned.type}` : fingerprintOf(seen)
  return new SshError(
    `${host} IS NOT THE SERVER THAT COSMOS KNOWS: it did not prove the host key that is pinned. ` +
      'Someone may be sitting in between (man in the middle), or the address now belongs to another machine. Nothing was sent.',
    {
      code: 'ssh-host-key',
      hint: 'Do not go on before you know why. See which server has this address: cosmos status',
      details: [`expected: ${fingerprintOf(pinned.blob)}`, `seen:     ${shown}`, `reason:   ${why}`],
    },
  )
}
