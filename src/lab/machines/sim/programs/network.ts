import { parseArguments } from '../commands/arguments.ts'
import type { Guest } from '../guest.ts'
import { installerScript } from '../k3s/installer.ts'
import type { Call, Program } from '../shell/host.ts'

/** What the machine gets from the network: the K3s installer and release files, its own API server; nothing else answers. */
async function fetch(
  guest: Guest,
  call: Call,
  url: string,
): Promise<{ status: number; body: Buffer } | { error: string; code: number }> {
  const { hostname, port, pathname, protocol } = new URL(/^\w+:\/\//.test(url) ? url : `http://${url}`)
  await guest.clock.sleep(guest.vary(120), call.signal)
  if (hostname === 'get.k3s.io') return { status: 200, body: Buffer.from(installerScript) }
  if (hostname === '169.254.169.254') return metadata(guest, pathname)
  if (['127.0.0.1', 'localhost', guest.addresses.ipv4].includes(hostname)) {
    if (Number(port || (protocol === 'https:' ? 443 : 80)) === 6443 && guest.cluster.apiIsUp()) {
      return pathname === '/ping'
        ? { status: 200, body: Buffer.from('pong') }
        : /^\/(livez|readyz|healthz)/.test(pathname)
          ? { status: 200, body: Buffer.from('ok') }
          : {
              status: 401,
              body: Buffer.from('{"kind":"Status","status":"Failure","reason":"Unauthorized","code":401}'),
            }
    }
    return {
      error: `Failed to connect to ${hostname} port ${port || 80} after 0 ms: Couldn't connect to server`,
      code: 7,
    }
  }
  if (/(^|\.)(github\.com|githubusercontent\.com|k3s\.io|rancher\.io)$/.test(hostname)) {
    const binary =
      /\/k3s-io\/k3s\/releases\/download\/([^/]+)\/(k3s(?:-arm64)?|sha256sum-(?:amd64|arm64)\.txt)$/.exec(
        decodeURIComponent(pathname),
      )
    if (!binary || !isReleased(binary[1] ?? '')) return { status: 404, body: Buffer.from('Not Found') }
    if (binary[2]?.startsWith('k3s')) await guest.clock.sleep(guest.vary(4500), call.signal)
    return { status: 200, body: guest.cluster.releaseFile(binary[1] as string, binary[2] as string) }
  }
  return { error: `Could not resolve host: ${hostname}`, code: 6 }
}

/** Newest minor release of K3s that the lab knows (facts/kubernetes.md 0): a later one cannot be downloaded. */
const newestMinor = 37

function isReleased(version: string): boolean {
  const minor = /^v1\.(\d+)\.\d+\+k3s\d+$/.exec(version)?.[1]
  return minor !== undefined && Number(minor) <= newestMinor
}

/** Hetzner's metadata service (facts/hetzner-api.md §7, documented). */
function metadata(guest: Guest, path: string): { status: number; body: Buffer } {
  const { spec } = guest
  const answers: Record<string, string> = {
    '/hetzner/v1/metadata/instance-id': String(spec.id),
    '/hetzner/v1/metadata/hostname': spec.name,
    '/hetzner/v1/metadata/public-ipv4': guest.addresses.ipv4 ?? '',
    '/hetzner/v1/metadata': `instance-id: ${spec.id}\nhostname: ${spec.name}\npublic-ipv4: ${guest.addresses.ipv4}\npublic-keys:\n${spec.publicKeys.map(key => `- ${key}\n`).join('')}`,
    '/hetzner/v1/userdata': spec.userData ?? '',
  }
  const body = answers[path]
  return body === undefined
    ? { status: 404, body: Buffer.from('not found') }
    : { status: body === '' ? 204 : 200, body: Buffer.from(body) }
}

function curl(guest: Guest): Program {
  return async call => {
    const { flags, values, rest } = parseArguments(
      call.args,
      [
        'o',
        'w',
        'H',
        'X',
        'd',
        'm',
        'u',
        'A',
        'output',
        'write-out',
        'header',
        'retry',
        'retry-delay',
        'retry-max-time',
        'max-time',
        'connect-timeout',
        'proto',
        'cacert',
        'request',
        'data',
        'resolve',
        'tlsv',
        'O',
        'output-document',
        'timeout',
        'tries',
        'T',
        't',
      ].filter(name => !(name === 'O' && call.name === 'curl')),
    )
    const isWget = call.name === 'wget'
    const url = rest.at(-1)
    if (url === undefined) return call.fail('no URL specified!', 2)
    const answer = await fetch(guest, call, url)
    const silent =
      (flags.has('s') || flags.has('silent') || flags.has('q')) && !flags.has('S') && !flags.has('show-error')
    if ('error' in answer) {
      if (!silent) await call.err(`${isWget ? 'wget' : `curl: (${answer.code})`} ${answer.error}\n`)
      return isWget ? 4 : answer.code
    }
    const code = values.get('w') ?? values.get('write-out')
    const failing = answer.status >= 400 && (flags.has('f') || flags.has('fail') || isWget)
    if (failing) {
      if (!silent) await call.err(`curl: (22) The requested URL returned error: ${answer.status}\n`)
      if (code) await call.out(code.replaceAll('%{http_code}', String(answer.status)).replaceAll('\\n', '\n'))
      return isWget ? 8 : 22
    }
    const file =
      values.get('o') ??
      values.get('output') ??
      (isWget ? (values.get('O') ?? values.get('output-document')) : undefined) ??
      (flags.has('O') || isWget ? new URL(url).pathname.split('/').at(-1) : undefined)
    if (file === undefined || file === '-') await call.out(answer.body)
    else if (file !== '/dev/null') call.host.vfs.writeFile(file, answer.body, {}, call.cwd)
    if (code) await call.out(code.replaceAll('%{http_code}', String(answer.status)).replaceAll('\\n', '\n'))
    return 0
  }
}

/** iptables keeps rules as text per table, enough for -C, -I, -A, -D, -S and -L. */
function iptables(guest: Guest): Program {
  return async call => {
    const args = call.args.filter(argument => argument !== '-w' && argument !== '--wait')
    const at = args.indexOf('-t')
    const table = at >= 0 ? (args.splice(at, 2)[1] as string) : 'filter'
    const path = `/run/sim/${call.name}.${table}`
    guest.vfs.mkdirs('/run/sim')
    const rules = guest.vfs.exists(path) ? guest.vfs.readText(path).split('\n').filter(Boolean) : []
    const verb = args[0] ?? ''
    const chain = args[1] ?? ''
    const body = args.slice(/^\d+$/.test(args[2] ?? '') ? 3 : 2).join(' ')
    const rule = `-A ${chain} ${body}`.trim()
    const save = () => guest.vfs.writeFile(path, rules.map(line => `${line}\n`).join(''))
    if (verb === '-I' || verb === '--insert') rules.unshift(rule)
    else if (verb === '-A' || verb === '--append') rules.push(rule)
    else if (verb === '-C' || verb === '--check')
      return rules.includes(rule) ? 0 : call.fail('Bad rule (does a matching rule exist in that chain?).')
    else if (verb === '-D' || verb === '--delete') {
      const found = rules.indexOf(rule)
      if (found < 0) return call.fail('Bad rule (does a matching rule exist in that chain?).')
      rules.splice(found, 1)
    } else if (verb === '-F' || verb === '-X') rules.splice(0)
    else if (verb === '-S' || verb === '-L' || verb === '--list') {
      await call.out(rules.map(line => `${line}\n`).join(''))
      return 0
    }
    save()
    return 0
  }
}

function ip(guest: Guest): Program {
  return async call => {
    const address = guest.addresses.ipv4 ?? '172.31.1.100'
    if (call.args.includes('route'))
      await call.out('default via 172.31.1.1 dev eth0 proto dhcp src 172.31.1.100 metric 100\n')
    else if (call.args.some(argument => 'address'.startsWith(argument) && argument.length > 0))
      await call.out(
        `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n    inet ${address}/32 scope global eth0\n`,
      )
    return 0
  }
}

/** Programs that talk to the network, and the packet filter. */
export function networkPrograms(guest: Guest): Record<string, Program> {
  const get = curl(guest)
  const filter = iptables(guest)
  const nothing: Program = () => 0
  return {
    curl: get,
    wget: get,
    iptables: filter,
    ip6tables: filter,
    'iptables-save': nothing,
    'iptables-restore': nothing,
    'ip6tables-save': nothing,
    'ip6tables-restore': nothing,
    ip: ip(guest),
    nft: nothing,
    ufw: nothing,
    ping: nothing,
    ss: nothing,
    nc: () => 1,
  }
}
