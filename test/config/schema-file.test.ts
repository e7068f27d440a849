import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'
import { renderConfig } from '../../src/config/index.ts'
import { jsonSchemaText } from '../../src/config/json-schema.ts'

const published = readFileSync(new URL('../../schema/cosmos.schema.json', import.meta.url), 'utf8')

describe('schema/cosmos.schema.json', () => {
  it('is what the schema says (else run: node scripts/schema.ts)', () =>
    assert.equal(published, jsonSchemaText()))

  it('accepts what cosmos writes and refuses a typo, in a validator that is not ours', async () => {
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    for (const format of ['cidrv4', 'cidrv6']) ajv.addFormat(format, true)
    const validate = ajv.compile(JSON.parse(published))
    const config: Record<string, unknown> = parse(
      await renderConfig({
        name: 'acme',
        locations: ['nbg1'],
        server: { types: ['cx23'] },
        volume: { sizeGb: 10 },
        git: { url: 'https://github.com/acme/company' },
        ssh: { publicKey: 'ssh-ed25519 AAAAC3Nz me' },
      }),
    )
    assert.ok(validate(config), JSON.stringify(validate.errors))
    assert.equal(validate({ ...config, volum: {} }), false)
    assert.equal(validate({ ...config, git: { url: 'https://x:token@github.com/acme/company' } }), false)
  })
})
