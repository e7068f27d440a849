import assert from 'node:assert/strict'
import { parseConfig } from '../../src/config/index.ts'
import { UsageError } from '../../src/errors.ts'

const whole = `name: acme
locations: [nbg1]
server:
  types: [cx23]
volume:
  sizeGb: 10
git:
  url: https://github.com/acme/company
ssh:
  publicKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUmxBTmC0Zp me@laptop
`

async function problemsOf(text: string): Promise<string[]> {
  try {
    await parseConfig(text, 'cosmos.yaml')
  } catch (error) {
    assert.ok(error instanceof UsageError)
    assert.equal(error.code, 'config-invalid')
    assert.equal(error.exitCode, 2)
    return error.details.length > 0 ? [...error.details] : [error.message]
  }
  return []
}

describe('parseConfig', () => {
  it('fills in every default', async () => {
    const config = await parseConfig(whole)
    assert.deepEqual(config.network, { ipv6: true, allow: ['0.0.0.0/0', '::/0'] })
    assert.equal(config.server.image, 'ubuntu-24.04')
    assert.equal(config.git.path, 'cosmos/argocd/apps')
    assert.equal(config.ssh.privateKey, '~/.ssh/id_ed25519')
    assert.equal(config.acme, undefined)
  })

  const cases: [title: string, text: string, problems: string[]][] = [
    [
      'typo in a key',
      whole.replace('volume:', 'volum:'),
      ['cosmos.yaml:5:1: unknown key "volum"; did you mean "volume"?'],
    ],
    [
      'typo in a nested key',
      whole.replace('  types', '  tyeps'),
      ['cosmos.yaml:4:3: unknown key "server.tyeps"; did you mean "server.types"?'],
    ],
    [
      'key in the wrong place',
      `${whole}image: debian-13\n`,
      ['cosmos.yaml:11:1: unknown key "image"; did you mean "server.image"?'],
    ],
    [
      'name that is no RFC 1123 label',
      whole.replace('acme\n', 'Acme_Corp\n'),
      [
        'cosmos.yaml:1:7: "name" must be an RFC 1123 label: lower-case letters, digits and "-", at most 63 characters',
      ],
    ],
    [
      'volume under 10 GB',
      whole.replace('10', '9'),
      ['cosmos.yaml:6:11: "volume.sizeGb" must be at least 10 (GB), the smallest volume Hetzner makes'],
    ],
    [
      'fraction',
      whole.replace('10', '10.5'),
      ['cosmos.yaml:6:11: "volume.sizeGb" must be a whole number, not a fraction'],
    ],
    [
      'wrong type',
      whole.replace('[nbg1]', 'nbg1'),
      ['cosmos.yaml:2:12: "locations" must be a list, not text'],
    ],
    ['empty list', whole.replace('[cx23]', '[]'), ['cosmos.yaml:4:10: "server.types" must not be empty']],
    ['key without value', whole.replace('name: acme', 'name:'), ['cosmos.yaml:1:6: "name" is missing']],
    ['key missing', whole.replace('  sizeGb: 10', '  {}'), ['cosmos.yaml:5:1: "volume.sizeGb" is missing']],
    [
      'address that is no CIDR',
      `${whole}network:\n  allow:\n    - 0.0.0.0/0\n    - 203.0.113.7\n`,
      ['cosmos.yaml:14:7: "network.allow[1]" must be a source address in CIDR form, e.g. 203.0.113.7/32'],
    ],
    [
      'ssh URL',
      whole.replace('https://github.com/', 'git@github.com:'),
      ['cosmos.yaml:8:8: "git.url" must be an https:// URL'],
    ],
    [
      'duplicate key',
      `${whole}name: other\n`,
      ['cosmos.yaml:11:1: this key stands in the file twice; keep one'],
    ],
    ['tab', whole.replace('  types', '\ttypes'), ['cosmos.yaml:4:1: a tab cannot indent YAML; use spaces']],
    ['open quote', whole.replace('acme\n', '"acme\n'), ['cosmos.yaml:11:1: missing closing "quote']],
    [
      'alias without anchor',
      whole.replace('acme\n', '*acme\n'),
      ['cosmos.yaml:1:7: this alias (*name) has no anchor (&name) before it'],
    ],
    [
      'two documents',
      `${whole}---\nname: b\n`,
      ['cosmos.yaml:11:1: a second document (---) begins here; keep one'],
    ],
    ['nothing', '', ['cosmos.yaml:1:1: the file is empty']],
    ['a list', '- a\n', ['cosmos.yaml:1:1: the file must be a map of keys and values, not a list']],
  ]
  for (const [title, text, problems] of cases) {
    it(`says where: ${title}`, async () => assert.deepEqual(await problemsOf(text), problems))
  }

  it('tells every problem at once, in the order of the file', async () => {
    const text = whole.replace('acme\n', 'A\n').replace('sizeGb: 10', 'size: 1').replace('https', 'http')
    const problems = await problemsOf(text)
    assert.deepEqual(
      problems.map(each => each.split(' ')[0]),
      ['cosmos.yaml:1:7:', 'cosmos.yaml:6:3:', 'cosmos.yaml:8:8:'],
    )
  })

  it('refuses a credential in the URL and never repeats it', async () => {
    for (const credential of ['x:ghp_topsecret@', 'ghp_topsecret@', ':ghp_topsecret@']) {
      const problems = await problemsOf(whole.replace('https://', `https://${credential}`))
      assert.match(problems.join(), /cosmos\.yaml:8:8: "git\.url" carries a credential/)
      assert.doesNotMatch(problems.join(), /topsecret/)
    }
  })

  it('never repeats a private key given for the public one', async () => {
    const text = whole.replace(/ssh-ed25519.*/, '"-----BEGIN OPENSSH PRIVATE KEY----- topsecret"')
    assert.deepEqual(await problemsOf(text), [
      'cosmos.yaml:10:14: "ssh.publicKey" must be one public key as in authorized_keys, e.g. ssh-ed25519 AAAA…',
    ])
  })

  it('survives aliases that expand without end', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(9)}]`),
    ]
    assert.deepEqual(await problemsOf(bomb.join('\n')), [
      'cosmos.yaml:1:1: the file holds too many aliases (*name)',
    ])
  })

  it('reads values through anchors', async () => {
    const config = await parseConfig(whole.replace('[nbg1]', '&here [nbg1]'))
    assert.deepEqual(config.locations, ['nbg1'])
  })
})
