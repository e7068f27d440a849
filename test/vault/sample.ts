import type { VaultContents } from '../../src/vault/contents.ts'

/** A vault with every field; nothing in it is a real key. */
export const sample: VaultContents = {
  version: 1,
  hetzner: { token: 'h-token' },
  git: { username: 'git', token: 'g-token: with # and "quotes"' },
  sealing: { keys: [{ certificate: 'PEM\nCERT\n', privateKey: 'PEM\nKEY\n' }] },
  sshHostKey: { privateKey: 'PEM\n', publicKey: 'ssh-ed25519 AAAA' },
  argocd: { adminPassword: 'pässwörd 🗝', adminPasswordHash: '$2b$10$abc' },
  passwords: { grafana: 'g' },
}

/** scrypt's work is what makes a passphrase safe and tests slow. */
export const quick = 10
