import { parse, YAMLParseError } from 'yaml'
import type { Guest } from '../guest.ts'
import type { Call, Program } from '../shell/host.ts'
import { kubeconfig, makeCredentials } from './credentials.ts'
import { manifestsFolder } from './deploy.ts'
import { kubectl } from './kubectl/index.ts'
import { type Json, text } from './objects.ts'
import { packagedManifests, packagedNames } from './packaged.ts'
import { uidOf } from './store.ts'

const serverFolder = '/var/lib/rancher/k3s/server'
const configFolder = '/etc/rancher/k3s'

/** config.yaml and config.yaml.d, then the arguments. @throws Error with what K3s prints */
function readConfig(guest: Guest, args: readonly string[]): Json {
  const { vfs } = guest
  const config: Json = {}
  const more = vfs.exists(`${configFolder}/config.yaml.d`)
    ? vfs.readDir(`${configFolder}/config.yaml.d`).map(name => `${configFolder}/config.yaml.d/${name}`)
    : []
  for (const path of [`${configFolder}/config.yaml`, ...more]) {
    if (!vfs.exists(path)) continue
    try {
      const value: unknown = parse(vfs.readText(path))
      if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
        throw new Error('yaml: unmarshal errors: cannot unmarshal into yaml.MapSlice')
      for (const [key, item] of Object.entries((value ?? {}) as Json)) {
        if (key.endsWith('+'))
          config[key.slice(0, -1)] = [
            ...((config[key.slice(0, -1)] as unknown[] | undefined) ?? []),
            ...(Array.isArray(item) ? item : [item]),
          ]
        else config[key] = item
      }
    } catch (error) {
      if (error instanceof YAMLParseError || error instanceof Error)
        throw new Error(`failed to parse config file ${path}: ${error.message.split('\n')[0]}`)
      throw error
    }
  }
  for (let index = 0; index < args.length; index += 1) {
    const found = /^--([\w-]+)(?:=(.*))?$/.exec(args[index] as string)
    if (!found) continue
    const value = found[2] ?? (args[index + 1]?.startsWith('--') === false ? args[++index] : true)
    if (found[1] === 'disable')
      config.disable = [...((config.disable as unknown[] | undefined) ?? []), ...String(value).split(',')]
    else config[found[1] as string] = value
  }
  return config
}

/** `k3s server`: runs until it is told to stop. Ready when its API answers, which `Type=notify` waits for. */
async function server(guest: Guest, call: Call, version: string): Promise<number> {
  const { vfs, cluster, clock } = guest
  const say = (level: string, message: string) =>
    call.err(
      `time="${new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')}" level=${level} msg=${JSON.stringify(message)}\n`,
    )
  let config: Json
  try {
    config = readConfig(guest, call.args.slice(1))
  } catch (error) {
    await say('fatal', error instanceof Error ? error.message : String(error))
    return 1
  }
  await say('info', `Starting k3s ${version} (lab)`)
  const isFirst = !vfs.exists(`${serverFolder}/db/state.db`)
  for (const folder of [
    manifestsFolder,
    `${serverFolder}/tls`,
    '/var/lib/rancher/k3s/agent/images',
    '/var/lib/kubelet/pods',
    '/run/k3s/containerd',
    configFolder,
  ])
    vfs.mkdirs(folder)
  const nodeName = text(config['node-name']) || guest.hostname()
  const disabled = new Set(
    (Array.isArray(config.disable) ? config.disable : text(config.disable).split(',')).map(String),
  )
  if (!vfs.exists(`${serverFolder}/tls/server-ca.crt`)) {
    const credentials = makeCredentials(clock.now())
    vfs.writeFile(`${serverFolder}/tls/server-ca.crt`, credentials.caCertificate)
    vfs.writeFile(`${serverFolder}/cred-admin.kubeconfig`, kubeconfig(credentials), { mode: 0o600 })
    vfs.writeFile(
      `${serverFolder}/node-token`,
      `K10${uidOf(credentials.caCertificate).replaceAll('-', '')}::server:${uidOf(credentials.clientCertificate).replaceAll('-', '')}\n`,
      { mode: 0o600 },
    )
  }
  const apiAtMs = clock.now() + guest.vary(isFirst ? 9_000 : 5_000)
  await clock.sleep(apiAtMs - clock.now(), call.signal)
  const config600 = Number.parseInt(text(config['write-kubeconfig-mode']) || '0600', 8)
  vfs.writeFile(`${configFolder}/k3s.yaml`, vfs.readText(`${serverFolder}/cred-admin.kubeconfig`)).mode =
    config600
  for (const [name, content] of Object.entries(
    packagedManifests({
      localPath: text(config['default-local-storage-path']) || '/var/lib/rancher/k3s/storage',
    }),
  )) {
    const base = (name.split('/')[0] as string).replace('.yaml', '')
    if (
      disabled.has(base) ||
      vfs.exists(`${manifestsFolder}/${name}.skip`) ||
      vfs.exists(`${manifestsFolder}/${base}.yaml.skip`)
    )
      continue
    vfs.mkdirs(`${manifestsFolder}/${name}`.replace(/\/[^/]+$/, ''))
    vfs.writeFile(`${manifestsFolder}/${name}`, content, { mode: 0o600 })
  }
  cluster.deploy.disabled = new Set(packagedNames.filter(name => disabled.has(name)))
  cluster.start({
    nodeName,
    version,
    apiAtMs: clock.now(),
    nodeAtMs: clock.now() + guest.vary(isFirst ? 6_000 : 3_000),
  })
  await say('info', 'k3s is up and running')
  guest.systemd.services.get('k3s.service')?.ready()
  try {
    await new Promise<never>((_, reject) => {
      if (call.signal.aborted) return reject(call.signal.reason)
      call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true })
    })
  } finally {
    cluster.stop()
  }
  return 0
}

function crictl(guest: Guest): Program {
  return async call => {
    const args = call.args.filter(word => word !== 'crictl')
    const list = [...guest.cluster.containers.all.values()]
    const verb = args.find(word => !word.startsWith('-')) ?? ''
    if (verb === 'ps') {
      if (args.includes('-q')) await call.out(list.map(one => `${one.id}\n`).join(''))
      else
        await call.out(
          `CONTAINER           IMAGE               STATE               NAME                POD\n${list.map(one => `${one.id.slice(-13)} ${one.image} Running ${one.name} ${one.pod}\n`).join('')}`,
        )
      return 0
    }
    if (verb === 'pods' || verb === 'images') {
      await call.out(list.map(one => `${verb === 'pods' ? one.pod : one.image}\n`).join(''))
      return 0
    }
    if (verb === 'stop' || verb === 'stopp' || verb === 'rm' || verb === 'rmp') {
      for (const one of list)
        if (args.includes(one.id) || args.includes(one.pod) || args.includes('-a'))
          guest.processes.kill(one.process.pid, 15)
      return 0
    }
    return 0
  }
}

/** k3s and the names it answers to: kubectl, crictl, ctr. */
export function k3sPrograms(guest: Guest): Record<string, Program> {
  const control = kubectl(guest)
  const containers = crictl(guest)
  const k3s: Program = async call => {
    const version = binaryVersion(guest, call)
    if (call.name === 'kubectl') return control(call)
    if (call.name === 'crictl' || call.name === 'ctr') return containers(call)
    const [verb = ''] = call.args
    if (verb === '--version' || verb === '-v') {
      await call.out(`k3s version ${version} (lab)\ngo version go1.26.2\n`)
      return 0
    }
    if (verb === 'kubectl') return control(call)
    if (verb === 'crictl' || verb === 'ctr') return containers(call)
    if (verb === 'server') return server(guest, call, version)
    if (['check-config', 'certificate', 'token', 'secrets-encrypt', 'etcd-snapshot'].includes(verb)) return 0
    return call.fail(`No help topic for '${verb}'`, 3)
  }
  return { k3s }
}

/** The version written into the binary that was run. */
function binaryVersion(guest: Guest, call: Call): string {
  const path = ['/usr/local/bin/k3s', call.process.argv[0] ?? ''].find(one => guest.vfs.exists(one))
  const line = path ? guest.vfs.readText(path).split('\n')[0] : ''
  return line?.split(' ')[3] ?? 'v1.37.1+k3s1'
}
