import type { AxiosInstance } from 'axios'
import { throwIfAborted } from '../errors.ts'
import { networkError } from './network-error.ts'
import { encodeQuery, type Request } from './request.ts'

/** An HTTP answer of any status, its body as text. */
export type Reply = { status: number; body: string; header: (name: string) => string | undefined }
export type Transport = (request: Request, signal?: AbortSignal) => Promise<Reply>

export type TransportOptions = { endpoint: string; token: string; userAgent: string; timeoutMs: number }

/**
 * The lowest link of the chain: hcloud-js's client, asked for the raw answer of any status (its own error handling
 * falls over on bodies that are no JSON). Follows no redirect, so that the token goes nowhere else.
 * @throws HetznerError `network_…` or `garbage`; whatever the signal was aborted with.
 */
export function transport(options: TransportOptions): Transport {
  const host = new URL(options.endpoint).host
  let client: Promise<AxiosInstance> | undefined
  return async (request, signal) => {
    client ??= connect(options)
    const axios = await client
    const deadline = AbortSignal.timeout(Math.ceil(options.timeoutMs))
    const end = signal ? AbortSignal.any([signal, deadline]) : deadline
    try {
      const { status, data, headers } = await axios.request<string>({
        method: request.method,
        url: request.path,
        signal: end,
        ...(request.query && { params: request.query, paramsSerializer: encodeQuery }),
        ...(request.body && { data: request.body }),
      })
      return { status, body: data, header: name => headerText(headers[name.toLowerCase()]) }
    } catch (error) {
      throwIfAborted(signal)
      throw networkError(deadline.aborted ? 'ETIMEDOUT' : codeOf(error), request, host)
    }
  }
}

/** Loaded at the first call only, because axios is the most expensive import of a start. */
async function connect({ endpoint, token, userAgent, timeoutMs }: TransportOptions): Promise<AxiosInstance> {
  const { default: hcloud } = await import('hcloud-js')
  const { axios } = new hcloud.Client({ token, baseURL: endpoint, timeout: timeoutMs })
  Object.assign(axios.defaults, {
    validateStatus: () => true,
    responseType: 'text',
    transformResponse: [(body: unknown) => body],
    maxRedirects: 0,
  })
  axios.defaults.headers['User-Agent'] = userAgent
  return axios
}

function headerText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
