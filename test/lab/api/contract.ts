import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

/**
 * The official OpenAPI document (of May 2026) as a judge of answers. It is older than the lab, so these differences are right:
 * - `datacenter` of servers and Primary IPs: removed from the API on 2026-07-01.
 * - `assignee_type: "unassigned"`: since 2026-08-01.
 * - 410 of `/datacenters`: since 2026-10-01.
 * - `action: null` in the answer of POST /primary_ips: written into the document later.
 */
const exceptions = {
  datacenterGone: 'datacenter',
  unassigned: 'unassigned',
  gonePaths: ['/datacenters', '/datacenters/{id}'],
}

type Schema = { [key: string]: unknown }
type Spec = {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>
  >
}

export type Judged = { method: string; path: string; status: number; body: unknown }

/** @returns what is wrong with an answer; empty when it is as the document says. */
export type Contract = (answer: Judged) => string[]

export function openApiContract(): Contract {
  const spec = readSpec()
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false })
  addFormats.default(ajv)
  ajv.addFormat('decimal', /^-?\d+(\.\d+)?$/)
  ajv.addFormat('xfs', true)
  const compiled = new Map<string, ValidateFunction | undefined>()

  function judge(route: string, method: string, status: number): ValidateFunction | undefined {
    const key = `${method} ${route} ${status}`
    if (!compiled.has(key)) {
      const responses = spec.paths[route]?.[method.toLowerCase()]?.responses ?? {}
      const schema = (responses[status] ?? responses[`${Math.floor(status / 100)}xx`])?.content?.[
        'application/json'
      ]?.schema
      compiled.set(key, schema && ajv.compile(schema))
    }
    return compiled.get(key)
  }

  return ({ method, path, status, body }) => {
    const route = routeOf(spec, path.replace(/^\/v1/, ''))
    if (!route) return status === 404 || status === 410 ? [] : [`${path} is not in the document`]
    if (exceptions.gonePaths.includes(route) && status === 410) return []
    if (!spec.paths[route]?.[method.toLowerCase()])
      return status === 405 ? [] : [`${method} ${route} is not in the document`]
    const validate = judge(route, method, status)
    if (!validate)
      return status === 204 && body === undefined ? [] : [`${method} ${route} does not answer ${status}`]
    if (validate(body)) return []
    return (validate.errors ?? []).map(
      e => `${method} ${route} ${status}: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`,
    )
  }
}

/** `/servers/7/actions` → the pattern of the document, whatever it calls its ids. */
function routeOf(spec: Spec, path: string): string | undefined {
  const parts = path.split('/')
  return Object.keys(spec.paths).find(pattern => {
    const wanted = pattern.split('/')
    return (
      wanted.length === parts.length &&
      wanted.every((part, place) =>
        part.startsWith('{') ? /^\d+$/.test(parts[place] ?? '') : part === parts[place],
      )
    )
  })
}

function readSpec(): Spec {
  const path = createRequire(import.meta.url).resolve('@mguttmann/hetzner-cloud-mcp/package.json')
  const spec = JSON.parse(
    readFileSync(path.replace(/package\.json$/, 'specs/cloud.spec.json'), 'utf8'),
  ) as Spec
  const made = spec.paths['/primary_ips']?.post?.responses['201']?.content?.['application/json']?.schema
  const { action } = (made?.properties ?? {}) as Record<string, Schema>
  if (action) action.nullable = true
  for (const operations of Object.values(spec.paths))
    for (const { responses } of Object.values(operations)) relax(responses)
  return spec
}

/** Applies the exceptions, and turns OpenAPI's `nullable` into what JSON Schema knows. */
function relax(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  for (const value of Object.values(node)) relax(value)
  const schema = node as Schema
  if (Array.isArray(schema.required))
    schema.required = schema.required.filter(name => name !== exceptions.datacenterGone)
  if (Array.isArray(schema.enum) && schema.enum.length === 1 && schema.enum[0] === 'server')
    schema.enum = ['server', exceptions.unassigned]
  if (schema.nullable !== true) return
  delete schema.nullable
  if (typeof schema.type === 'string') schema.type = [schema.type, 'null']
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null]
}
