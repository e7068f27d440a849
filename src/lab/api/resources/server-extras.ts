import type { ServerRecord } from '../../store/index.ts'
import { type Call, created, type Handler, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import { ApiFailure, notFound } from '../failure.ts'
import { find, freeServer, requireOff } from '../find.ts'
import { password } from '../settings.ts'
import { actionView } from '../views/index.ts'

/** Rescue, backups, password and console: state and answers are right, the guest does not notice (see docs/lab-differences.md). */
export const serverExtraRoutes: Routes = {
  'POST /servers/{id}/actions/enable_rescue'(call) {
    const server = freeServer(call)
    const checks = new Checks(call.body)
    checks.oneOf('type', ['linux64'])
    const keys = checks.ids('ssh_keys') ?? []
    checks.done()
    for (const key of keys) find(call.cloud, 'sshKeys', key)
    return created({
      root_password: password(call.cloud.random),
      action: begin(call, server, 'enable_rescue', { on: true }),
    })
  },
  'POST /servers/{id}/actions/disable_rescue': call =>
    created({ action: begin(call, freeServer(call), 'disable_rescue', { on: false }) }),

  'POST /servers/{id}/actions/enable_backup': call =>
    created({ action: begin(call, freeServer(call), 'enable_backup', { window: '22-02' }) }),
  'POST /servers/{id}/actions/disable_backup': call =>
    created({ action: begin(call, freeServer(call), 'disable_backup', { window: null }) }),

  // Needs a running guest with its agent. Source: OpenAPI text · documented; the code is guessed
  'POST /servers/{id}/actions/reset_password'(call) {
    const server = freeServer(call)
    if (server.status !== 'running') throw new ApiFailure('service_error', 'server is not running')
    return created({
      root_password: password(call.cloud.random),
      action: begin(call, server, 'reset_password'),
    })
  },
  'POST /servers/{id}/actions/request_console'(call) {
    const server = freeServer(call)
    const action = begin(call, server, 'request_console')
    const wss_url = `wss://console.invalid/?server_id=${server.id}`
    return created({ wss_url, password: password(call.cloud.random), action })
  },

  // The lab has none of these, so whatever is named does not exist.
  'POST /servers/{id}/actions/attach_iso': missing('ISO', 'iso'),
  'POST /servers/{id}/actions/detach_iso': none('no ISO is attached'),
  'POST /servers/{id}/actions/attach_to_network': missing('network', 'network'),
  'POST /servers/{id}/actions/detach_from_network': missing('network', 'network'),
  'POST /servers/{id}/actions/change_alias_ips': missing('network', 'network'),
  'POST /servers/{id}/actions/add_to_placement_group'(call) {
    requireOff(freeServer(call))
    return missing('placement group', 'placement_group')(call)
  },
  'POST /servers/{id}/actions/remove_from_placement_group': none('server is in no placement group'),
}

function begin({ cloud }: Call, { id }: ServerRecord, command: string, args: Record<string, unknown> = {}) {
  const resources = [{ id, type: 'server' }]
  return actionView(cloud, cloud.actions.begin({ command, resources, locks: [`server:${id}`], args }))
}

function missing(what: string, field: string): Handler {
  return call => {
    freeServer(call)
    const checks = new Checks(call.body)
    checks.required(field)
    const wanted = checks.idOrName(field)
    checks.done()
    throw notFound(what, wanted ?? '')
  }
}

function none(message: string): Handler {
  return call => {
    freeServer(call)
    throw new ApiFailure('service_error', message)
  }
}
