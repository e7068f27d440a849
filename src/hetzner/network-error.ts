import { HetznerError, type Outcome } from './errors.ts'
import type { Request } from './request.ts'

type Trouble = { apiCode: string; says: string; hint: string; outcome: Outcome }

const checkEndpoint = 'Check the network, and the endpoint if you set one (HCLOUD_ENDPOINT).'

const refused: Trouble = {
  apiCode: 'network_refused',
  says: 'refused the connection',
  hint: 'Is anything running there? For the lab: cosmos lab start. Otherwise check HCLOUD_ENDPOINT.',
  outcome: 'not-done',
}
const dns: Trouble = {
  apiCode: 'network_dns',
  says: 'cannot be found: its name does not resolve',
  hint: 'Check the network connection and HCLOUD_ENDPOINT.',
  outcome: 'not-done',
}
const unreachable: Trouble = {
  apiCode: 'network_unreachable',
  says: 'cannot be reached from here',
  hint: checkEndpoint,
  outcome: 'not-done',
}
const tls: Trouble = {
  apiCode: 'network_tls',
  says: 'does not prove who it is: the TLS handshake failed',
  hint: 'A proxy that inspects TLS? Give its certificate with NODE_EXTRA_CA_CERTS. Is the clock of this machine right?',
  outcome: 'not-done',
}
const timedOut: Trouble = {
  apiCode: 'network_timeout',
  says: 'did not answer in time',
  hint: `${checkEndpoint} Then run the command again.`,
  outcome: 'unknown',
}
const reset: Trouble = {
  apiCode: 'network_reset',
  says: 'broke the connection off',
  hint: `${checkEndpoint} Then run the command again.`,
  outcome: 'unknown',
}
const notHttp: Trouble = {
  apiCode: 'garbage',
  says: 'does not speak HTTP',
  hint: 'Check HCLOUD_ENDPOINT: it must be the base URL of the API, like https://api.hetzner.cloud/v1',
  outcome: 'unknown',
}

const byCode: Record<string, Trouble> = {
  ECONNREFUSED: refused,
  ENOTFOUND: dns,
  EAI_AGAIN: dns,
  ENETUNREACH: unreachable,
  EHOSTUNREACH: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  ETIMEDOUT: timedOut,
  ECONNABORTED: timedOut,
}

/** Node and OpenSSL codes of a failed handshake, before anything was sent. */
const tlsCode = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|ERR_TLS_|ERR_SSL_|EPROTO)/

/**
 * A failure below HTTP as a HetznerError. Takes over nothing of the transport's error but its code,
 * because that error carries the request with its token.
 * @param host what was asked, for the sentence.
 */
export function networkError(code: string | undefined, request: Request, host: string): HetznerError {
  const trouble = troubleOf(code ?? '')
  return new HetznerError(`The Hetzner API at ${host} ${trouble.says}${code ? ` (${code})` : ''}.`, {
    apiCode: trouble.apiCode,
    hint: trouble.hint,
    outcome: request.method === 'GET' ? 'not-done' : trouble.outcome,
    details: [`${request.method} ${request.path}`],
  })
}

function troubleOf(code: string): Trouble {
  if (tlsCode.test(code)) return tls
  if (code.startsWith('HPE_')) return notHttp
  return byCode[code] ?? reset
}
