import { isIP } from 'node:net'
import type { FirewallRule } from '../../../hetzner/wire.ts'
import { type Checks, isBody } from '../checks.ts'
import { invalidInput } from '../failure.ts'

/** Source of the limits: OpenAPI text, firewalls · documented. */
const mostRules = 50
const mostAddresses = 100
const protocols = ['tcp', 'udp', 'icmp', 'esp', 'gre'] as const

/** `rules` of a body. @throws ApiFailure `invalid_input`, with the number of the rule. */
export function readRules(checks: Checks): FirewallRule[] | undefined {
  const bodies = checks.list(
    'rules',
    entry => (isBody(entry) ? entry : undefined),
    'Not a valid list of rules.',
  )
  if (bodies && bodies.length > mostRules) checks.problem('rules', `Longer than maximum length ${mostRules}.`)
  return bodies?.map((body, place) => readRule(body, `rules.${place}`))
}

function readRule(body: Record<string, unknown>, field: string): FirewallRule {
  const problem = (message: string) => invalidInput([{ name: field, messages: [message] }])
  const direction = (['in', 'out'] as const).find(one => one === body.direction)
  const protocol = protocols.find(one => one === body.protocol)
  if (!direction) throw problem('direction must be in or out')
  if (!protocol) throw problem(`protocol must be one of ${protocols.join(', ')}`)
  const source_ips = addresses(body.source_ips, problem)
  const destination_ips = addresses(body.destination_ips, problem)
  const needed = direction === 'in' ? source_ips : destination_ips
  if (needed.length === 0)
    throw problem(direction === 'in' ? 'source_ips is required' : 'destination_ips is required')
  const description = body.description ?? null
  if (description !== null && (typeof description !== 'string' || description.length > 255))
    throw problem('description must be a text of at most 255 characters')
  return {
    direction,
    protocol,
    port: portOf(body.port, protocol, problem),
    source_ips,
    destination_ips,
    description,
  }
}

type Problem = (message: string) => Error

/** tcp and udp only. `any` is undocumented but comes back as it was sent · verified in Terraform's acceptance tests. */
function portOf(port: unknown, protocol: string, problem: Problem): string | null {
  const needsPort = protocol === 'tcp' || protocol === 'udp'
  if (port === undefined || port === null || port === '') {
    if (needsPort) throw problem('port is required for tcp and udp')
    return null
  }
  if (!needsPort) throw problem(`port is not allowed for ${protocol}`)
  if (typeof port !== 'string' || !isPort(port)) throw problem('port is not valid')
  return port
}

function isPort(text: string): boolean {
  if (text === 'any') return true
  const [from = 0, to = from] = (/^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)?.slice(1) ?? [])
    .filter(part => part !== undefined)
    .map(Number)
  return from >= 1 && from <= to && to <= 65_535
}

function addresses(value: unknown, problem: Problem): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw problem('addresses must be a list')
  if (value.length > mostAddresses) throw problem(`at most ${mostAddresses} addresses are allowed`)
  for (const entry of value)
    if (typeof entry !== 'string' || !isNetwork(entry))
      throw problem(`'${String(entry)}' is not a network in CIDR notation with empty host bits`)
  return value as string[]
}

/** `10.0.0.0/8`, `::/0`: a length is required and the bits behind it must be zero. Source: OpenAPI text · documented. */
export function isNetwork(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/')
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  if (version === 0 || more.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > most) return false
  return hostBits(address, version, most - Number(length)) === 0n
}

function hostBits(address: string, version: number, bits: number): bigint {
  const value = version === 4 ? ipv4Value(address) : ipv6Value(address)
  return value & ((1n << BigInt(bits)) - 1n)
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function ipv6Value(address: string): bigint {
  const plain = address.replace(/[\d.]+\.[\d.]+$/, tail => {
    const value = ipv4Value(tail)
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
  })
  const [head = '', tail] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...middle, ...right].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n)
}
