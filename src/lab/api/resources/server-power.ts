import type { ActionRecord, ServerRecord } from '../../store/index.ts'
import { type Call, created, type Routes } from '../call.ts'
import { ApiFailure } from '../failure.ts'
import { freeServer } from '../find.ts'
import { actionView } from '../views/index.ts'

/** Turning a server on and off. Each locks it until the action ends. */
export const serverPowerRoutes: Routes = {
  'POST /servers/{id}/actions/poweron'(call) {
    const server = freeServer(call)
    requireNetwork(server)
    if (server.status === 'running') return alreadySo(call, server, 'start_server')
    return act(call, server, 'start_server', 'starting')
  },

  // Success guarantees `off`, after about 5 s: seen by others
  'POST /servers/{id}/actions/poweroff'(call) {
    const server = freeServer(call)
    if (server.status === 'off') return alreadySo(call, server, 'stop_server')
    return act(call, server, 'stop_server', 'stopping')
  },

  // Only asks: the action succeeds when ACPI was sent, the guest takes its time. Source: OpenAPI text · documented
  'POST /servers/{id}/actions/shutdown': call => act(call, running(call), 'shutdown_server'),
  'POST /servers/{id}/actions/reboot': call => act(call, running(call), 'reboot_server'),
  'POST /servers/{id}/actions/reset': call => act(call, running(call), 'reset_server'),
}

function act(call: Call, server: ServerRecord, command: string, status?: ServerRecord['status']) {
  if (status) call.cloud.store.put('servers', Object.assign(server, { status }))
  return answer(call, call.cloud.actions.begin({ command, ...about(server), locks: [`server:${server.id}`] }))
}

/** Asking for what is already so succeeds at once: guessed. */
function alreadySo(call: Call, server: ServerRecord, command: string) {
  return answer(call, call.cloud.actions.done({ command, ...about(server) }))
}

function answer({ cloud }: Call, action: ActionRecord) {
  return created({ action: actionView(cloud, action) })
}

function about(server: ServerRecord) {
  return { resources: [{ id: server.id, type: 'server' }] }
}

/** Guessed: the official text only says what these do with a server that is on. */
function running(call: Call): ServerRecord {
  const server = freeServer(call)
  if (server.status !== 'running') throw new ApiFailure('service_error', 'server is not running')
  return server
}

/** Without any interface a server does not start. Source: OpenAPI text, unassign · documented; the code is guessed. */
export function requireNetwork(server: ServerRecord): void {
  if (server.ipv4 === null && server.ipv6 === null)
    throw new ApiFailure('service_error', 'server without a network interface can not be started')
}
