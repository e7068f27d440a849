import {
  constants,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  type RsaPrivateKey,
  type RsaPublicKey,
} from 'node:crypto'
import type { Identity, Recipient, Stanza } from 'age-encryption'
import { sshString, sshTag } from './ssh-key.ts'

/** The library's stanza class, handed in so that the library is loaded only when a vault is. */
export type StanzaType = typeof Stanza

/**
 * The age stanza `ssh-rsa`: RSA-OAEP with SHA-256 straight to the SSH key.
 * Source: C2SP age specification and the stock implementation's agessh package; checked against the stock `age` in test/interop.
 */
const oaep = {
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
  oaepLabel: Buffer.from('age-encryption.org/v1/ssh-rsa'),
} satisfies Omit<RsaPublicKey & RsaPrivateKey, 'key'>

/** Smallest RSA key that the stock age takes, in bits. */
export const smallestRsaBits = 2048

/** @param fields exponent and modulus, as on the SSH wire. */
export function rsaPublicKey([exponent, modulus]: readonly Buffer[]): KeyObject | undefined {
  if (exponent === undefined || modulus === undefined) return undefined
  const key = createPublicKey({
    key: { kty: 'RSA', e: exponent.toString('base64url'), n: unsigned(modulus).toString('base64url') },
    format: 'jwk',
  })
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) < smallestRsaBits ? undefined : key
}

export function sshRsaRecipient(key: KeyObject, wire: Buffer, stanza: StanzaType): Recipient {
  return {
    wrapFileKey: fileKey => [
      new stanza(['ssh-rsa', sshTag(wire)], new Uint8Array(publicEncrypt({ key, ...oaep }, fileKey))),
    ],
  }
}

export function sshRsaIdentity(key: KeyObject): Identity {
  const tag = sshTag(wireOf(createPublicKey(key)))
  return {
    unwrapFileKey(stanzas: Stanza[]) {
      const ours = stanzas.find(({ args }) => args[0] === 'ssh-rsa' && args[1] === tag)
      return ours === undefined ? null : new Uint8Array(privateDecrypt({ key, ...oaep }, ours.body))
    },
  }
}

function wireOf(key: KeyObject): Buffer {
  const { e = '', n = '' } = key.export({ format: 'jwk' })
  const modulus = Buffer.from(n, 'base64url')
  return Buffer.concat([
    sshString(Buffer.from('ssh-rsa')),
    sshString(Buffer.from(e, 'base64url')),
    sshString(Buffer.concat([Buffer.alloc(1), modulus])),
  ])
}

/** SSH numbers carry a leading zero where the top bit is set. */
function unsigned(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number
}
