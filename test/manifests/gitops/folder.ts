import { parseAllDocuments } from 'yaml'
import type { ConfigInput } from '../../../src/config/schema.ts'
import { type AppsFile, appsFolder } from '../../../src/manifests/index.ts'
import { config } from '../../fixtures/cloud.ts'

export const everything: Partial<ConfigInput> = {
  domain: 'acme-corp.dev',
  acme: { email: 'ops@acme-corp.dev' },
  apps: { images: [{ application: 'web', image: 'ghcr.io/acme/web' }] },
}

export function folder(changes: Partial<ConfigInput> = everything): AppsFile[] {
  return appsFolder({
    config: config(changes),
    grafanaPassword: 'SECRET-grafana',
    registry: { username: 'x-access-token', token: 'SECRET-git' },
  })
}

// biome-ignore lint/suspicious/noExplicitAny: documents of many kinds, looked into by the tests
export type Found = any

/** All plain objects, with the file they stand in. */
export function objects(files = folder()): { path: string; object: Found }[] {
  return files.flatMap(({ path, text }) =>
    text === undefined || !path.endsWith('.yaml')
      ? []
      : parseAllDocuments(text).map(document => ({ path, object: document.toJS() })),
  )
}

export function find(kind: string, name: string, files = folder()): Found {
  const found = objects(files).find(({ object }) => object.kind === kind && object.metadata?.name === name)
  if (found === undefined) throw new Error(`${kind} ${name} is missing`)
  return found.object
}

export function applications(files = folder()): Found[] {
  return objects(files).flatMap(({ object }) => (object.kind === 'Application' ? [object] : []))
}

export function sourcesOf(application: Found): Found[] {
  return application.spec.sources ?? [application.spec.source]
}

/** Helm values of an Application. */
export function values(name: string, files = folder()): Found {
  const sources = sourcesOf(find('Application', name, files))
  return sources.find(each => each.helm !== undefined)?.helm.valuesObject
}
