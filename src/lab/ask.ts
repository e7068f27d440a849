import { request } from 'node:http'
import { CosmosError } from '../errors.ts'
import type { Counts } from './api/admin/counts.ts'
import type { LabInfo } from './info.ts'

export type { Counts }
export type LabAnswer = Counts & { pid: number; speed: number; now: string }

/** How long a lab may take to answer, real milliseconds; it is on the same machine. */
const timeoutMs = 5_000

/**
 * Asks the lab's own endpoint, below `/_lab`.
 * @returns the body; {} when there is none.
 * @throws CosmosError `lab-silent` when it does not answer; `lab-refused` with the reason when it says no.
 */
export function askLab(
  info: Pick<LabInfo, 'endpoint' | 'token'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const url = `${info.endpoint.replace(/\/v1$/, '/_lab')}${path}`
  const headers = {
    Authorization: `Bearer ${info.token}`,
    'Content-Type': 'application/json',
    Connection: 'close',
  }
  return new Promise((resolve, reject) => {
    const silent = (cause: unknown) =>
      reject(
        new CosmosError('The lab does not answer.', {
          code: 'lab-silent',
          hint: 'Start it: cosmos lab start',
          cause,
        }),
      )
    const asked = request(url, { method, headers, timeout: timeoutMs }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text += chunk
      })
      response.on('error', silent)
      response.on('end', () => {
        const answer = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
        if ((response.statusCode ?? 500) < 300) resolve(answer)
        else reject(refusal(answer))
      })
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
    asked.on('error', silent)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function refusal(answer: Record<string, unknown>): CosmosError {
  const { message = 'without a reason', details } = (answer.error ?? {}) as {
    message?: string
    details?: unknown
  }
  const fields = (details as { fields?: { name: string; messages: string[] }[] } | null)?.fields ?? []
  return new CosmosError(`The lab refused: ${message}`, {
    code: 'lab-refused',
    details: fields.map(({ name, messages }) => `${name}: ${messages.join(' ')}`),
  })
}
