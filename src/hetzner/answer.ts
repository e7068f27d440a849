import { HetznerError } from './errors.ts'
import type { Answer, Request } from './request.ts'
import { sentenceFor } from './sentences.ts'
import type { Reply } from './transport.ts'
import type { Action } from './wire.ts'

/** Codes for answers that are no JSON, as gateways give them; by HTTP status. */
const codeByStatus: Record<number, string> = {
  429: 'rate_limit_exceeded',
  500: 'server_error',
  502: 'bad_gateway',
  503: 'unavailable',
  504: 'timeout',
}

/**
 * Reads an HTTP answer: the body of a success, or the HetznerError of a failure.
 * @param redact takes secrets out of what the other side said, in case it repeats them.
 * @throws HetznerError with the API's code; `garbage` when the answer is not the API's.
 */
export function readAnswer(reply: Reply, request: Request, redact: (text: string) => string): Answer {
  const body = reply.status < 300 ? parse(reply.body) : undefined
  if (body !== undefined) return body
  throw failure(reply, redact(reply.body), request, redact(reply.header('x-correlation-id') ?? ''))
}

function parse(body: string): Answer | undefined {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function failure({ status }: Reply, text: string, request: Request, correlationId: string): HetznerError {
  const error = parse(text)?.error
  const said = isRecord(error) ? error : undefined
  const code = typeof said?.code === 'string' ? said.code : codeByStatus[status]
  const maybeDone = request.method !== 'GET' && (status < 300 || status >= 500)
  const evidence = [`${request.method} ${request.path} → ${status}${code ? ` ${code}` : ''}`]
  if (correlationId !== '') evidence.push(`Correlation id: ${correlationId}`)
  const common = {
    status,
    correlationId: correlationId === '' ? undefined : correlationId,
    outcome: maybeDone ? 'unknown' : 'not-done',
  } as const
  if (code === undefined) {
    const start = text.replace(/\s+/g, ' ').slice(0, 120)
    return new HetznerError(`The answer is not from the Hetzner API (HTTP ${status}).`, {
      ...common,
      apiCode: 'garbage',
      hint: 'A proxy or login page in between? Check the network and HCLOUD_ENDPOINT.',
      details: start === '' ? evidence : [...evidence, `It begins: ${start}`],
    })
  }
  const words = String(said?.message ?? '').replace(/\.$/, '')
  const { message, hint } = sentenceFor({ code, message: words, details: said?.details })
  return new HetznerError(message, { ...common, apiCode: code, hint, details: evidence })
}

/** What an answer must hold under a key. @throws HetznerError `garbage` when it is not there. */
export function take<T extends object>(answer: Answer, key: string): T {
  const value = answer[key]
  if (!isRecord(value)) throw lacking(key)
  return value as T
}

/** The list that an answer must hold under a key. @throws HetznerError `garbage` when it is not there. */
export function takeList<T extends object>(answer: Answer, key: string): T[] {
  const value = answer[key]
  if (!Array.isArray(value) || !value.every(isRecord)) throw lacking(key)
  return value as T[]
}

function lacking(key: string): HetznerError {
  return new HetznerError(`The answer of the Hetzner API holds no "${key}".`, {
    apiCode: 'garbage',
    hint: 'Check HCLOUD_ENDPOINT; with the right one, get the newest version: npm install --global cosmos-hetzner@latest',
    outcome: 'unknown',
  })
}

/** Every action that an answer names, in order; without the nulls that the API puts there. */
export function takeActions(answer: Answer): Action[] {
  return [answer.action, answer.next_actions, answer.actions].flat().filter(isRecord) as Action[]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
