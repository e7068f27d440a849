import { bytesOf } from '../../fs/node.ts'
import type { Call } from '../../shell/host.ts'
import type { Cluster } from '../cluster.ts'
import type { Options } from './options.ts'

/** kubectl logs of a pod, job or deployment. */
export async function logs(
  cluster: Cluster,
  call: Call,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const [target = ''] = words
  const name = target.split('/').at(-1) as string
  const helm = /^helm-install-(.+?)(-x7k2p)?$/.exec(name)
  if (helm) {
    await call.out(cluster.helm.logs(options.namespace, helm[1] as string))
    return 0
  }
  const kind = target.includes('/') ? (target.split('/')[0] as string) : 'pods'
  const object = cluster.store.get(kind, options.namespace, name)
  if (!object) {
    await call.err(`Error from server (NotFound): ${kind} "${name}" not found\n`)
    return 1
  }
  const volume = [...cluster.containers.all.values()].find(
    container => container.pod === name && container.writesLedger,
  )?.volume
  const ledger = volume?.tree?.root.children?.get('ledger')?.children?.get('ledger.log')
  volume?.ledger.catchUp()
  const text = ledger ? bytesOf(ledger).toString('utf8') : `${object.metadata.creationTimestamp} started\n`
  const tail = options.value('tail')
  await call.out(
    tail === undefined || tail === '-1'
      ? text
      : text
          .split('\n')
          .slice(-Number(tail) - 1)
          .join('\n'),
  )
  if (options.has('f') || options.has('follow')) {
    while (cluster.store.get(kind, options.namespace, name)) {
      await cluster.guest.clock.sleep(5_000, call.signal)
      cluster.advance()
    }
  }
  return 0
}
