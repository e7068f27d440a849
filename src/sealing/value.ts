import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { CosmosError } from '../errors.ts'

/**
 * One sealed value on the wire (sealed-secrets pkg/crypto HybridEncrypt):
 * u16be(length of rsa) ‖ rsa = RSA-OAEP-SHA256(session key, label) ‖ AES-256-GCM(session key, zero nonce, value) ‖ tag.
 * The zero nonce is safe because a session key is used once.
 */
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
const nonce = Buffer.alloc(12)
const sessionKeyBytes = 32
const tagBytes = 16

/** @returns standard base64 of the sealed value. */
export function sealValue(publicKey: KeyObject, label: Buffer, plain: Uint8Array): string {
  const session = randomBytes(sessionKeyBytes)
  try {
    const rsa = publicEncrypt({ key: publicKey, ...oaep, oaepLabel: label }, session)
    const cipher = createCipheriv('aes-256-gcm', session, nonce)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(rsa.length)
    return Buffer.concat([length, rsa, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    )
  } finally {
    session.fill(0)
  }
}

/**
 * Opens a value with the first key that fits.
 * @returns the value and which of the keys opened it. Wipe the value after use.
 * @throws CosmosError `sealed-malformed` (not base64, cut short), `sealed-altered`, `sealed-wrong-key` (other key, name or namespace)
 */
export function openValue<Key extends { privateKey: KeyObject }>(
  keys: readonly Key[],
  label: Buffer,
  sealed: string,
): { plain: Buffer; key: Key } {
  const { rsa, body } = taken(sealed)
  for (const key of keys) {
    const session = sessionKey(key.privateKey, label, rsa)
    if (session === undefined) continue
    try {
      return { plain: decrypted(session, body), key }
    } finally {
      session.fill(0)
    }
  }
  throw new CosmosError(
    'No key opens it: it was sealed with another key, or for another name, namespace or scope.',
    {
      code: 'sealed-wrong-key',
    },
  )
}

function taken(sealed: string): { rsa: Buffer; body: Buffer } {
  const bytes = decodeBase64(sealed)
  if (bytes === undefined) throw malformed('it is not base64')
  if (bytes.length < 2) throw malformed('it is too short')
  const end = 2 + bytes.readUInt16BE(0)
  if (bytes.length < end + tagBytes) throw malformed('it is cut short')
  return { rsa: bytes.subarray(2, end), body: bytes.subarray(end) }
}

function sessionKey(privateKey: KeyObject, label: Buffer, rsa: Buffer): Buffer | undefined {
  try {
    const session = privateDecrypt({ key: privateKey, ...oaep, oaepLabel: label }, rsa)
    return session.length === sessionKeyBytes ? session : undefined
  } catch {
    // OAEP tells by design only that it does not fit, not why.
    return undefined
  }
}

function decrypted(session: Buffer, body: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', session, nonce)
  decipher.setAuthTag(body.subarray(-tagBytes))
  const plain = decipher.update(body.subarray(0, -tagBytes))
  try {
    decipher.final()
    return plain
  } catch (error) {
    plain.fill(0)
    throw new CosmosError('It was altered after it was sealed.', { code: 'sealed-altered', cause: error })
  }
}

/** Standard base64 with padding, line ends allowed, as Go reads it; undefined when it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  const compact = text.replace(/[\r\n]/g, '')
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact)
    ? Buffer.from(compact, 'base64')
    : undefined
}

function malformed(what: string): CosmosError {
  return new CosmosError(`It is no sealed value: ${what}.`, { code: 'sealed-malformed' })
}
