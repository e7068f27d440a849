import type { ServerResponse } from 'node:http'
import type { ErrorBody } from '../../hetzner/wire.ts'
import type { Answer } from './call.ts'
import { ApiFailure } from './failure.ts'

/** hcloud-go reads errors only with this type. Wording with the charset seen by others. */
const json = 'application/json; charset=UTF-8'

export function send(response: ServerResponse, answer: Answer, headers: Record<string, string>): void {
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body)
  response.writeHead(answer.status, {
    ...headers,
    ...answer.headers,
    ...(text !== '' && { 'Content-Type': json, 'Content-Length': String(Buffer.byteLength(text)) }),
  })
  response.end(text)
}

/** The error envelope. What is no ApiFailure is a defect of the lab: 500, and its text for whoever mends it. */
export function answerOf(error: unknown): Answer {
  const { status, code, message, details } =
    error instanceof ApiFailure
      ? error
      : new ApiFailure(
          'server_error',
          `the lab failed: ${error instanceof Error ? error.message : String(error)}`,
        )
  const body: ErrorBody = { error: { code, message, details: details ?? null } }
  return { status, body }
}
