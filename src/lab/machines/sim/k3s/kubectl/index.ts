import { stringify } from 'yaml'
import type { Guest } from '../../guest.ts'
import type { Program } from '../../shell/host.ts'
import { ApiError } from '../store.ts'
import { apply, change, remove } from './change.ts'
import { cordon, drain } from './drain.ts'
import { get, select } from './get.ts'
import { logs } from './logs.ts'
import { readOptions } from './options.ts'
import { rollout, wait } from './wait.ts'

const kubeconfig = '/etc/rancher/k3s/k3s.yaml'

/** kubectl as K3s carries it. It needs the admin kubeconfig and an API server that answers. */
export function kubectl(guest: Guest): Program {
  return async call => {
    const options = readOptions(call.args[0] === 'kubectl' ? call.args.slice(1) : call.args)
    const [verb = '', ...words] = options.words
    const { cluster } = guest
    const client = verb === 'version' && options.has('client')
    if (verb === '' || verb === 'help' || client) {
      await call.out(
        client
          ? `Client Version: ${cluster.version || 'v1.37.1+k3s1'}\n`
          : 'kubectl controls the Kubernetes cluster manager.\n',
      )
      return 0
    }
    const config = options.value('kubeconfig') ?? call.env.KUBECONFIG ?? kubeconfig
    if (!guest.vfs.exists(config)) {
      await call.err(
        'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
      )
      return 1
    }
    if (verb === 'config') {
      await call.out(options.has('raw') || words[0] === 'view' ? guest.vfs.readText(config) : 'default\n')
      return 0
    }
    if (!cluster.apiIsUp()) {
      await call.err(
        'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n',
      )
      return 1
    }
    cluster.advance()
    await guest.clock.sleep(guest.vary(80), call.signal)
    cluster.advance()
    try {
      switch (verb) {
        case 'get':
          return await get(cluster, call, words, options)
        case 'describe': {
          const { found, failed } = await select(cluster, call, words, options)
          for (const object of found.flatMap(one => one.objects)) await call.out(stringify(object))
          return failed ? 1 : 0
        }
        case 'cordon':
        case 'uncordon':
          return await cordon(cluster, call, words, verb === 'cordon')
        case 'drain':
          return await drain(cluster, call, words, options)
        case 'apply':
        case 'replace':
          return await apply(cluster, call, options)
        case 'create':
          return words.length === 0
            ? await apply(cluster, call, options)
            : await create(guest, call, words, options)
        case 'delete':
          return await remove(cluster, call, words, options)
        case 'patch':
        case 'annotate':
        case 'label':
        case 'scale':
          return await change(cluster, call, verb, words, options)
        case 'wait':
          return await wait(cluster, call, words, options)
        case 'rollout':
          return await rollout(cluster, call, words, options)
        case 'logs':
          return await logs(cluster, call, words, options)
        case 'version':
          await call.out(`Client Version: ${cluster.version}\nServer Version: ${cluster.version}\n`)
          return 0
        case 'cluster-info':
          await call.out('Kubernetes control plane is running at https://127.0.0.1:6443\n')
          return 0
        case 'api-resources':
          for (const one of cluster.store.resources())
            await call.out(
              options.value('o') === 'name'
                ? `${one.plural}${one.group ? `.${one.group}` : ''}\n`
                : `${one.plural} ${one.group} ${one.namespaced} ${one.kind}\n`,
            )
          return 0
        default:
          await call.err(`error: unknown command "${verb}" for "kubectl"\n`)
          return 1
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      await call.err(`Error from server (${error.reason}): ${error.message}\n`)
      return 1
    }
  }
}

async function create(
  guest: Guest,
  call: Parameters<Program>[0],
  words: string[],
  options: ReturnType<typeof readOptions>,
): Promise<number> {
  const [kind, ...rest] = words
  const name = rest.at(-1) ?? ''
  const literals = options
    .all('from-literal')
    .map(
      pair =>
        [
          pair.slice(0, pair.indexOf('=')),
          Buffer.from(pair.slice(pair.indexOf('=') + 1)).toString('base64'),
        ] as const,
    )
  const object =
    kind === 'namespace' || kind === 'ns'
      ? { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } }
      : {
          apiVersion: 'v1',
          kind: kind === 'secret' ? 'Secret' : 'ConfigMap',
          metadata: { name, namespace: options.namespace },
          data: Object.fromEntries(literals),
        }
  const resource = guest.cluster.store.resourceOf('v1', object.kind)
  if (guest.cluster.store.get(resource.plural, options.namespace, name))
    throw new ApiError('AlreadyExists', `${resource.plural} "${name}" already exists`)
  guest.cluster.apply(object)
  await call.out(`${resource.kind.toLowerCase()}/${name} created\n`)
  return 0
}
