import { stringify } from 'yaml'
import type { Call } from '../../shell/host.ts'
import type { Cluster } from '../cluster.ts'
import { at, type K8sObject, type Resource } from '../objects.ts'
import { jsonPath } from './jsonpath.ts'
import type { Options } from './options.ts'
import { type Column, columnsOf, table } from './table.ts'

export type Selected = { resource: Resource; objects: K8sObject[] }

/** Whether an object has the labels of a selector: `a=b,c!=d,e,f in (g,h)`. */
export function hasLabels(object: K8sObject, selector: string): boolean {
  const labels = object.metadata.labels ?? {}
  return selector.split(/,(?![^(]*\))/).every(term => {
    const set = /^([\w./-]+)\s+(in|notin)\s+\((.*)\)$/.exec(term.trim())
    if (set)
      return (
        (set[3] as string)
          .split(',')
          .map(value => value.trim())
          .includes(labels[set[1] as string] ?? '') ===
        (set[2] === 'in')
      )
    const [, key = '', operator, value = ''] = /^(!?[\w./-]+)\s*(==|=|!=)?\s*(.*)$/.exec(term.trim()) ?? []
    if (operator === undefined) return key.startsWith('!') ? !(key.slice(1) in labels) : key in labels
    return (labels[key] === value) === (operator !== '!=')
  })
}

function hasFields(object: K8sObject, selector: string): boolean {
  return selector.split(',').every(term => {
    const [, path = '', operator, value = ''] = /^([\w.]+)(==|=|!=)(.*)$/.exec(term) ?? []
    return (String(at(object, ...path.split('.')) ?? '') === value) === (operator !== '!=')
  })
}

/** Finds what the words after a verb name. Complaints are printed; `failed` says that there were any. */
export async function select(
  cluster: Cluster,
  call: Call,
  words: readonly string[],
  options: Options,
): Promise<{ found: Selected[]; failed: boolean }> {
  const found: Selected[] = []
  let failed = false
  const complain = async (text: string) => {
    failed = true
    await call.err(`${text}\n`)
  }
  const pairs: [string, string | undefined][] = words[0]?.includes('/')
    ? words.map(word => [word.slice(0, word.indexOf('/')), word.slice(word.indexOf('/') + 1)])
    : words.length > 1
      ? words.slice(1).map(name => [words[0] as string, name])
      : (words[0] ?? '').split(',').map(kind => [kind, undefined])
  for (const [kind, name] of pairs) {
    const resource = cluster.store.resourceNamed(kind)
    if (!resource) {
      await complain(`error: the server doesn't have a resource type "${kind}"`)
      continue
    }
    if (name !== undefined) {
      const object = cluster.store.get(
        resource.group ? `${resource.plural}.${resource.group}` : resource.plural,
        options.namespace,
        name,
      )
      if (object) found.push({ resource, objects: [object] })
      else if (!options.has('ignore-not-found'))
        await complain(
          `Error from server (NotFound): ${resource.plural}${resource.group ? `.${resource.group}` : ''} "${name}" not found`,
        )
      continue
    }
    const all = cluster.store.list(
      resource.group ? `${resource.plural}.${resource.group}` : resource.plural,
      options.allNamespaces ? undefined : options.namespace,
    )
    const labels = options.value('l', 'selector')
    const fields = options.value('field-selector')
    found.push({
      resource,
      objects: all.filter(
        object => (!labels || hasLabels(object, labels)) && (!fields || hasFields(object, fields)),
      ),
    })
  }
  return { found, failed }
}

/** kubectl get in its formats: table, wide, name, json, yaml, jsonpath, custom-columns, go-template is refused. */
export async function get(
  cluster: Cluster,
  call: Call,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const raw = options.value('raw')
  if (raw !== undefined) {
    await call.out(raw === '/version' ? JSON.stringify({ gitVersion: cluster.version }) : 'ok')
    return 0
  }
  const { found, failed } = await select(cluster, call, words, options)
  const objects = found.flatMap(one => one.objects)
  const format = options.value('o', 'output') ?? ''
  const isSingle = words.length === 2 || (words.length === 1 && (words[0] as string).includes('/'))
  if (failed && objects.length === 0) return 1
  const whole =
    isSingle && objects.length === 1
      ? objects[0]
      : { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } }
  if (format === 'json')
    await call.out(isSingle && objects.length === 0 ? '' : `${JSON.stringify(whole, null, 4)}\n`)
  else if (format === 'yaml') await call.out(isSingle && objects.length === 0 ? '' : stringify(whole))
  else if (format === 'name')
    for (const { resource, objects: list } of found)
      for (const object of list)
        await call.out(
          `${resource.kind.toLowerCase()}${resource.group ? `.${resource.group}` : ''}/${object.metadata.name}\n`,
        )
  else if (format.startsWith('jsonpath'))
    await call.out(
      objects.length === 0 && isSingle ? '' : jsonPath(format.slice(format.indexOf('=') + 1), whole),
    )
  else if (format.startsWith('custom-columns')) {
    const columns = format
      .slice(format.indexOf('=') + 1)
      .split(',')
      .map((column): Column => {
        const path = column.slice(column.indexOf(':') + 1)
        return [column.slice(0, column.indexOf(':')), object => jsonPath(`{${path}}`, object) || '<none>']
      })
    await call.out(table(columns, objects, !options.has('no-headers')))
  } else {
    if (objects.length === 0 && !failed && !options.has('ignore-not-found')) {
      await call.err(
        options.allNamespaces || found[0]?.resource.namespaced === false
          ? 'No resources found\n'
          : `No resources found in ${options.namespace} namespace.\n`,
      )
    }
    for (const [index, { resource, objects: list }] of found
      .filter(one => one.objects.length > 0)
      .entries()) {
      const columns = columnsOf(resource.plural, cluster.guest.clock.now(), format === 'wide')
      if (options.allNamespaces && resource.namespaced)
        columns.unshift(['NAMESPACE', object => object.metadata.namespace ?? ''])
      if (index > 0) await call.out('\n')
      await call.out(table(columns, list, !options.has('no-headers')))
    }
  }
  return failed ? 1 : 0
}
