import assert from 'node:assert/strict'
import { type ConfigInput, configFingerprint, parseConfig, renderConfig } from '../../src/config/index.ts'
import { jsonSchema } from '../../src/config/json-schema.ts'

const input: ConfigInput = {
  name: 'acme',
  locations: ['nbg1', 'fsn1'],
  server: { types: ['cx23'] },
  volume: { sizeGb: 10 },
  domain: 'acme.example',
  acme: { email: 'ops@acme.example' },
  git: { url: 'https://github.com/acme/company' },
  ssh: { publicKey: `ssh-ed25519 ${'A'.repeat(200)} a comment with: a colon` },
}

describe('renderConfig', () => {
  it('starts with the line that editors read', async () => {
    assert.match(
      await renderConfig(input),
      /^# yaml-language-server: \$schema=\.cosmos\/cosmos\.schema\.json\n/,
    )
  })

  it('is read back as it was, with the defaults spelled out', async () => {
    const text = await renderConfig(input)
    const config = await parseConfig(text)
    assert.equal(config.ssh.publicKey, input.ssh.publicKey)
    assert.deepEqual(config.locations, input.locations)
    assert.match(text, /version: v1\.\d+/)
    assert.equal(await renderConfig(config), text)
  })

  it('explains every key', async () => {
    const lines = (await renderConfig(input)).split('\n')
    const unexplained = lines.filter((line, i) => /^ *\w+:/.test(line) && !/^ *#/.test(lines[i - 1] ?? ''))
    assert.deepEqual(unexplained, [])
  })
})

describe('configFingerprint', () => {
  it('depends on the settings and on nothing else', async () => {
    const config = await parseConfig(await renderConfig(input))
    const turned = Object.fromEntries(Object.entries(config).reverse()) as typeof config
    assert.match(configFingerprint(config), /^[0-9a-f]{16}$/)
    assert.equal(configFingerprint(turned), configFingerprint(config))
    assert.notEqual(configFingerprint({ ...config, locations: ['fsn1', 'nbg1'] }), configFingerprint(config))
  })
})

describe('JSON Schema', () => {
  it('describes every key, because editors show it', () => {
    const bare: string[] = []
    const walk = (node: ReturnType<typeof jsonSchema>, path: string) => {
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        if (child.description === undefined) bare.push(`${path}${key}`)
        walk(child, `${path}${key}.`)
      }
    }
    walk(jsonSchema(), '')
    assert.deepEqual(bare, [])
  })
})
