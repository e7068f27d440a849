import { serverTypeNamed } from '../../catalogue/index.ts'
import type { MachineSpec } from '../../machines/machine.ts'
import type { ActionRecord, ServerRecord } from '../../store/index.ts'
import type { Effects } from '../actions.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure } from '../failure.ts'
import { find } from '../find.ts'
import { allImages } from '../resources/images.ts'
import { requireNetwork } from '../resources/server-power.ts'
import { addressesOf } from './addresses.ts'
import { releaseAll } from './release.ts'

/** What server actions do when their time is up. */
export function serverEffects(cloud: Cloud): Effects {
  const { store, machines } = cloud
  const serverOf = (action: ActionRecord) => find(cloud, 'servers', idOf(action))
  const set = (server: ServerRecord, change: Partial<ServerRecord>) =>
    store.put('servers', Object.assign(server, change))
  const settle = (server: ServerRecord) =>
    set(server, { status: machines.isOn(server.id) ? 'running' : 'off' })

  async function start(server: ServerRecord): Promise<void> {
    requireNetwork(server)
    if (!machines.isOn(server.id)) await machines.start(server.id)
    set(server, { status: 'running' })
  }

  return {
    create_server: {
      async run(action) {
        const server = serverOf(action)
        await machines.create(specOf(cloud, server, action))
        await machines.setAddresses(server.id, addressesOf(cloud, server))
        set(server, { status: 'off' })
      },
      // The server of a failed create is gone; its addresses are free again. Seen by others
      async fail(action) {
        const server = store.get('servers', idOf(action))
        if (!server) return
        await releaseAll(cloud, server)
        store.remove('servers', server.id)
      },
    },
    start_server: { run: action => start(serverOf(action)), fail: action => settleIfThere(action) },
    stop_server: {
      async run(action) {
        const server = serverOf(action)
        if (machines.isOn(server.id)) await machines.powerOff(server.id)
        set(server, { status: 'off' })
      },
      fail: action => settleIfThere(action),
    },
    shutdown_server: { run: action => machines.askShutdown(idOf(action)) },
    // The lab reboots hard: a guest that reboots by itself is not part of what a machine offers. See docs/lab-differences.md
    reboot_server: { run: action => machines.reset(idOf(action)) },
    reset_server: { run: action => machines.reset(idOf(action)) },
    delete_server: {
      async run(action) {
        const server = serverOf(action)
        if (machines.isOn(server.id)) await machines.powerOff(server.id)
        for (const volume of server.volumes) await machines.detachVolume(server.id, volume)
        await machines.destroy(server.id)
        await releaseAll(cloud, server)
        store.remove('servers', server.id)
      },
      fail: action => settleIfThere(action),
    },
    rebuild_server: {
      async run(action) {
        const server = serverOf(action)
        if (machines.isOn(server.id)) await machines.powerOff(server.id)
        await rebuild(cloud, server, action)
        await start(server)
      },
      fail: action => settleIfThere(action),
    },
    // Started again at the end. Source: OpenAPI text · documented
    change_server_type: {
      async run(action) {
        const server = serverOf(action)
        const type = serverTypeNamed(String(action.args.type))
        const diskGb = action.args.upgradeDisk === true ? type.disk : server.diskGb
        set(server, { type: type.name, diskGb })
        await start(server)
      },
      fail: action => settleIfThere(action),
    },
    enable_rescue: { run: action => void set(serverOf(action), { rescue: true }) },
    disable_rescue: { run: action => void set(serverOf(action), { rescue: false }) },
    enable_backup: { run: action => void set(serverOf(action), { backupWindow: '22-02' }) },
    disable_backup: { run: action => void set(serverOf(action), { backupWindow: null }) },
  }

  function settleIfThere(action: ActionRecord): void {
    const server = store.get('servers', idOf(action))
    if (server) settle(server)
  }
}

function idOf({ resources }: ActionRecord): number {
  return resources.find(({ type }) => type === 'server')?.id ?? 0
}

async function rebuild(cloud: Cloud, server: ServerRecord, action: ActionRecord): Promise<void> {
  const { machines, store } = cloud
  const image = allImages(store).find(({ id }) => id === action.args.imageId)
  if (!image) throw new ApiFailure('resource_unavailable', 'the image is gone')
  const userData = typeof action.args.userData === 'string' ? action.args.userData : undefined
  const handle = store.get('images', image.id)?.handle
  await machines.rebuild(server.id, handle ?? image.name ?? '', userData)
  store.put('servers', Object.assign(server, { image }))
}

function specOf({ store }: Cloud, server: ServerRecord, action: ActionRecord): MachineSpec {
  const { args } = action
  const type = serverTypeNamed(server.type)
  const own = store.get('images', Number(args.imageId))
  const system = own ? `${own.wire.os_flavor}-${own.wire.os_version}` : server.image?.name
  return {
    id: server.id,
    name: server.name,
    image: system ?? 'ubuntu-24.04',
    architecture: type.architecture,
    cores: type.cores,
    memoryGb: type.memory,
    userData: typeof args.userData === 'string' ? args.userData : null,
    publicKeys: server.publicKeys,
    ...(own?.handle && { snapshot: own.handle }),
  }
}
