import assert from 'node:assert/strict'
import { applicationLine, expectedWait } from '../../../src/flows/ready/first-sync.ts'
import type { ApplicationState } from '../../../src/node/index.ts'

const bringing: ApplicationState = { name: 'monitoring', sync: 'OutOfSync', health: 'Progressing' }
const through: ApplicationState = { name: 'monitoring', sync: 'Synced', health: 'Healthy' }
const root: ApplicationState = { name: 'root', sync: 'OutOfSync', health: 'Progressing' }
const app = (message?: string): ApplicationState => ({
  ...{ name: 'traefik-metrics', sync: 'OutOfSync', health: 'Missing' },
  ...(message === undefined ? {} : { message }),
})
const noKind =
  'one or more objects failed to apply, reason: no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"'

describe('the first sync', () => {
  for (const [message, wait] of [
    [noKind, 'waits for the kind ServiceMonitor'],
    ['The Kubernetes API could not find the requested resource', 'waits for a kind'],
    [
      'failed calling webhook "prometheusrulemutate.monitoring.coreos.com": connection refused',
      'waits for a webhook',
    ],
    ['namespaces "monitoring" not found', 'waits for the namespace monitoring'],
  ] as const) {
    it(`${wait} while another application is under way`, () => {
      assert.equal(expectedWait(app(message), [root, app(message), bringing]), wait)
    })
  }

  it('has failed when all others are through and the kind is still missing', () => {
    const all = [root, app(noKind), through]
    assert.equal(expectedWait(app(noKind), all), undefined)
    assert.equal(applicationLine(app(noKind), all), `OutOfSync, Missing: ${noKind}`)
  })

  it('takes other messages for what they are', () => {
    const denied = 'authentication required: Repository not found.'
    assert.equal(applicationLine(app(denied), [bringing]), `OutOfSync, Missing: ${denied}`)
    assert.equal(applicationLine(app(), [bringing]), 'OutOfSync, Missing')
  })

  it('says in the line that it is expected', () => {
    assert.match(applicationLine(app(noKind), [bringing]), /ServiceMonitor \(expected in a first sync/)
  })
})
