import assert from 'node:assert/strict'
import { firewallRules } from '../../../src/flows/firewall.ts'
import { hasDifference, hasWork, type PlanInput, planUp } from '../../../src/flows/up/plan.ts'
import type { FirewallRule } from '../../../src/hetzner/wire.ts'
import {
  config,
  firewall,
  observed,
  pricing,
  primaryIp,
  publicKey,
  server,
  serverType,
  sshKey,
  volume,
} from '../../fixtures/cloud.ts'

const rules = firewallRules(config()).map(rule => ({
  source_ips: [],
  destination_ips: [],
  port: null,
  ...rule,
})) as FirewallRule[]
const placement = {
  location: 'nbg1',
  type: 'cx23',
  architecture: 'x86',
  monthlyNet: 5.49,
  hourlyNet: 0.008,
} as const
const whole = () =>
  observed({
    servers: [server()],
    volumes: [volume()],
    primaryIps: [primaryIp('ipv4'), primaryIp('ipv6')],
    firewalls: [firewall(rules)],
    sshKeys: [sshKey()],
  })

function plan(changes: Partial<PlanInput> = {}) {
  return planUp({
    config: config(),
    observed: whole(),
    known: {},
    placements: [],
    prices: pricing(),
    userDataMatches: true,
    ...changes,
  })
}

function actions(input: Partial<PlanInput> = {}): Record<string, string> {
  return Object.fromEntries(
    plan(input).items.map(item => [
      item.kind,
      [item.action, ...item.changes.map(each => each.type)].join(' '),
    ]),
  )
}

describe('planUp', () => {
  it('creates everything in an empty project and says what it costs', () => {
    const empty = {
      observed: observed({ firewalls: undefined, sshKeys: undefined }),
      placements: [placement],
      userDataMatches: undefined,
    }
    assert.deepEqual(Object.values(actions(empty)), Array(6).fill('create'))
    const { monthlyNet, hourlyDeltaNet } = plan(empty)
    assert.equal(monthlyNet?.toFixed(2), (5.49 + 0.5 + 20 * 0.044).toFixed(2))
    assert.equal(hourlyDeltaNet?.toFixed(5), (6.87 / 730.5).toFixed(5))
  })

  it('finds nothing to do when all is as wanted', () => {
    assert.deepEqual(Object.values(actions()), Array(6).fill('keep'))
    assert.equal(hasWork(plan()), false)
    assert.equal(hasDifference(plan()), false)
  })

  it('mends what is harmless to mend', () => {
    const cases: [string, Partial<PlanInput>, string, string][] = [
      [
        'rules',
        { observed: { ...whole(), firewalls: [firewall(rules.slice(1))] } },
        'firewall',
        'change set-firewall-rules',
      ],
      [
        'application',
        { observed: { ...whole(), firewalls: [firewall(rules, { applied_to: [] })] } },
        'firewall',
        'change apply-firewall',
      ],
      [
        'auto delete',
        {
          observed: { ...whole(), primaryIps: [primaryIp('ipv4', { auto_delete: true }), primaryIp('ipv6')] },
        },
        'ipv4',
        'change keep-address',
      ],
      ['size', { config: config({ volume: { sizeGb: 30 } }) }, 'volume', 'change grow-volume'],
      [
        'attachment',
        { observed: { ...whole(), volumes: [volume({ server: null })] } },
        'volume',
        'change attach-volume',
      ],
      [
        'power',
        { observed: { ...whole(), servers: [server({ status: 'off' })] } },
        'server',
        'change power-on',
      ],
      [
        'key',
        { observed: { ...whole(), sshKeys: [sshKey({ public_key: 'ssh-ed25519 BBBB' })] } },
        'sshKey',
        'change replace-ssh-key',
      ],
    ]
    for (const [name, input, kind, expected] of cases) assert.equal(actions(input)[kind], expected, name)
  })

  it('explains what needs a swap, and changes nothing for it', () => {
    const cases: [Partial<PlanInput>, RegExp][] = [
      [{ userDataMatches: false }, /other settings or secrets/],
      [
        { observed: { ...whole(), servers: [server({ server_type: serverType('cpx22', { nbg1: true }) })] } },
        /asks for cx23 or cax11/,
      ],
    ]
    for (const [input, note] of cases) {
      const item = plan(input).items.find(each => each.kind === 'server')
      assert.equal(item?.action, 'swap')
      assert.match(item?.note ?? '', note)
      assert.equal(hasWork(plan(input)), false)
      assert.equal(hasDifference(plan(input)), true)
    }
  })

  it('never shrinks a volume', () => {
    const item = plan({ config: config({ volume: { sizeGb: 10 } }) }).items.find(
      each => each.kind === 'volume',
    )
    assert.equal(item?.action, 'keep')
    assert.match(item?.note ?? '', /never shrink/)
  })

  it('puts a lost label back instead of making a second one', () => {
    const target = { kind: 'volume' as const, id: 9, name: 'acme-data', labels: { team: 'a' } }
    assert.equal(
      actions({ observed: { ...whole(), volumes: [], unlabelled: [target] } }).volume,
      'change add-label',
    )
  })

  it('uses a key of the project that is not ours as it is', () => {
    assert.equal(actions({ observed: { ...whole(), sshKeys: [] }, known: { sshKey: 77 } }).sshKey, 'keep')
  })

  it('refuses to go on where data or address are at stake', () => {
    const cases: [Partial<PlanInput>, string][] = [
      [{ observed: { ...whole(), servers: [server(), server({ id: 43, name: 'acme-2' })] } }, 'ambiguous'],
      [{ observed: { ...whole(), volumes: [] } }, 'volume-missing'],
      [{ observed: { ...whole(), volumes: [volume({ server: 99 })] } }, 'in-use-elsewhere'],
      [
        { observed: { ...whole(), primaryIps: [primaryIp('ipv4', { assignee_id: 99 })] } },
        'in-use-elsewhere',
      ],
    ]
    for (const [input, code] of cases) assert.throws(() => plan(input), { code }, code)
  })

  it('never repeats the public key whole', () => {
    const empty = { observed: observed(), placements: [placement], userDataMatches: undefined }
    assert.ok(!JSON.stringify(plan(empty)).includes(publicKey.split(' ')[1] ?? '-'))
  })
})
