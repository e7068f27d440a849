import type { ApplicationState } from '../../node/index.ts'

/**
 * What Argo CD says while another application is still to bring a kind, a webhook or a namespace. Its own words are the only
 * place where this stands. Sources: apimachinery NoKindMatchError and NotFound, Argo CD's sync context, webhook dispatch.
 */
const waiting: readonly [sign: RegExp, what: (found: RegExpExecArray) => string][] = [
  [/no matches for kind "([^"]+)"/, ([, kind]) => `waits for the kind ${kind}`],
  [/could not find the requested resource/, () => 'waits for a kind'],
  [
    /failed calling webhook "([^"]+)".*(?:connection refused|no endpoints available)/,
    () => 'waits for a webhook',
  ],
  [/namespaces "([^"]+)" not found/, ([, name]) => `waits for the namespace ${name}`],
]

/**
 * One line on an application. A first sync races with what other applications bring, and is retried for ever: as long as one of
 * them is not through, a missing kind is expected. When all others are, nobody will bring it any more, and it is a failure.
 */
export function applicationLine(app: ApplicationState, all: readonly ApplicationState[]): string {
  const state = `${app.sync || 'unknown'}, ${app.health || 'unknown'}`
  const expected = expectedWait(app, all)
  if (expected !== undefined) return `${state}: ${expected} (expected in a first sync, it is tried again)`
  return [state, app.message].filter(Boolean).join(': ')
}

/** What the application waits for, when that is expected; undefined when its message is a failure, or there is none. */
export function expectedWait(app: ApplicationState, all: readonly ApplicationState[]): string | undefined {
  const { message } = app
  if (message === undefined) return undefined
  const others = all.filter(each => each.name !== app.name && each.name !== 'root')
  const isBringing = others.some(each => each.sync !== 'Synced' || each.health !== 'Healthy')
  if (!isBringing) return undefined
  for (const [sign, what] of waiting) {
    const found = sign.exec(message)
    if (found !== null) return what(found)
  }
  return undefined
}
