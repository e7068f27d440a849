import assert from 'node:assert/strict'
import { asTyped, type Typing } from '../../src/cli/as-typed.ts'

const npx = { npm_command: 'exec' }
const table: [string, Typing, string][] = [
  ['See: cosmos status', { env: {} }, 'See: cosmos status'],
  ['See: cosmos status.', { env: npx, lab: 'off' }, 'See: npx cosmos status.'],
  ['See: cosmos status', { env: {}, lab: 'sim' }, 'See: cosmos status --lab'],
  ['cosmos ssh -- uptime', { env: npx, lab: 'sim' }, 'npx cosmos ssh --lab -- uptime'],
  ['cosmos logs k3s', { env: {}, lab: 'vm' }, 'cosmos logs --lab=vm k3s'],
  [
    'Make one: cosmos init — or try: cosmos up --lab',
    { env: npx },
    'Make one: npx cosmos init — or try: npx cosmos up --lab',
  ],
  ['cosmos up --lab', { env: {}, lab: 'sim' }, 'cosmos up --lab'],
  [
    'cosmos swap, or cosmos swap --back',
    { env: {}, lab: 'sim' },
    'cosmos swap --lab, or cosmos swap --lab --back',
  ],
  ['cosmos vault edit', { env: {}, config: 'a/b.yaml' }, 'cosmos vault edit --config a/b.yaml'],
  ['cosmos up', { env: {}, config: "it's.yaml" }, "cosmos up --config 'it'\\''s.yaml'"],
  ['cosmos lab start', { env: npx, lab: 'sim' }, 'npx cosmos lab start'],
  ['cosmos lab fault list', { env: npx }, 'npx cosmos lab fault list'],
  ['cosmos up --help', { env: npx, lab: 'sim' }, 'npx cosmos up --help'],
  ['cosmos --help', { env: npx }, 'npx cosmos --help'],
  ['This is a fault of cosmos; npx cosmos up', { env: npx }, 'This is a fault of cosmos; npx cosmos up'],
  ['npm install --global cosmos-hetzner@latest', { env: npx }, 'npm install --global cosmos-hetzner@latest'],
]

describe('a command that a hint names', () => {
  for (const [text, typing, expected] of table) {
    it(`${text} → ${expected}`, () => assert.equal(asTyped(text, typing), expected))
  }
})
