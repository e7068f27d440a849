export { publicKeyFingerprint } from './fingerprint.ts'
export { generateSealingKey, type SealingKeyOptions } from './generate-key.ts'
