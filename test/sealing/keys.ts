import { generateSealingKey, keyRing, type RingKey } from '../../src/sealing/index.ts'
import type { SealingKey } from '../../src/vault/contents.ts'

const made = new Map<string, Promise<SealingKey>>()

/** A small key, made once per run and start date: 2048 bits are enough to test with. */
export function testKey(from = '2026-01-01'): Promise<SealingKey> {
  const known = made.get(from) ?? generateSealingKey({ notBefore: new Date(from), bits: 2048 })
  made.set(from, known)
  return known
}

export async function testRing(...from: string[]): Promise<RingKey[]> {
  return keyRing(await Promise.all((from.length > 0 ? from : ['2026-01-01']).map(testKey)))
}

export async function firstKey(): Promise<RingKey> {
  const [key] = await testRing()
  if (key === undefined) throw new Error('no key')
  return key
}
