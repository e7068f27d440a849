import { messageOf, throwIfAborted } from '../../errors.ts'

const timeoutMs = 10_000

/** Answer of a host, or why there was none. A refusal is an answer. */
export type Answer =
  | { reached: true; status: number; headers: Headers; body: unknown }
  | { reached: false; why: string }

/** Asks over HTTP. Never throws for what the network or the host does; a body that is no JSON is left out. */
export async function ask(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': 'cosmos', ...headers },
      redirect: 'follow',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return {
      reached: true,
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : undefined,
    }
  } catch (error) {
    throwIfAborted(signal)
    return { reached: false, why: `${new URL(url).host} cannot be reached (${reason(error)})` }
  }
}

/** fetch itself only says "fetch failed". */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : messageOf(cause)
}

export function basic(username: string, token: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}` }
}
