import type { Cli } from '../../cli/index.ts'
import { createHetzner, type Hetzner, HetznerError } from '../../hetzner/index.ts'
import type { Location, Pricing, ServerType } from '../../hetzner/wire.ts'
import { defaultEndpoint } from '../endpoint.ts'
import { pricesOf } from '../prices.ts'
import { type FoundToken, findInitToken } from './find-token.ts'

/** What the cloud offers today, and the token that it was asked with. */
export type Cloud = FoundToken & {
  locations: Location[]
  serverTypes: ServerType[]
  prices: Pricing
}

/** A person may mistype a token this often. */
const tries = 3

/**
 * Finds a token, proves that it is right and may write, and fetches stock and prices with it.
 * A person who typed a wrong one is asked again.
 * @param stateDir where the price list is kept, so that `up` need not fetch it
 * @throws HetznerError `unauthorized`, `token-readonly`, …
 */
export async function lookAtCloud(cli: Cli, variable: string, stateDir: string): Promise<Cloud> {
  const endpoint = cli.env.HCLOUD_ENDPOINT || defaultEndpoint
  for (let attempt = 1; ; attempt++) {
    const found = await findInitToken(cli, variable, endpoint)
    try {
      return { ...found, ...(await offersWith(found.token, endpoint, stateDir, cli)) }
    } catch (error) {
      const askAgain = error instanceof HetznerError && tokenIsWrong(error) && found.from === 'typed'
      if (!askAgain || attempt === tries) throw error
      cli.note(error.message)
    }
  }
}

async function offersWith(token: string, endpoint: string, stateDir: string, cli: Cli) {
  const hetzner = createHetzner({ endpoint, token })
  const [locations, serverTypes, prices] = await Promise.all([
    hetzner.locations.list({}, cli.signal),
    hetzner.serverTypes.list({}, cli.signal),
    pricesOf(hetzner, { dir: stateDir, endpoint, signal: cli.signal }),
  ])
  await proveWriteAccess(hetzner, cli.signal)
  return { locations, serverTypes, prices }
}

/**
 * The API does not tell what a token may do; only a write does. This one can create nothing: an SSH key without a key
 * is refused as `invalid_input` by whoever may write, and as `token_readonly` before that by whoever may not.
 */
async function proveWriteAccess(hetzner: Hetzner, signal: AbortSignal): Promise<void> {
  try {
    await hetzner.sshKeys.create({ name: '', public_key: '' }, signal)
  } catch (error) {
    if (!(error instanceof HetznerError) || error.apiCode !== 'invalid_input') throw error
  }
}

function tokenIsWrong(error: HetznerError): boolean {
  return error.apiCode === 'unauthorized' || error.apiCode === 'token_readonly'
}
