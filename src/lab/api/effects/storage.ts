import type { ActionRecord, ServerRecord, VolumeRecord } from '../../store/index.ts'
import type { Effects } from '../actions.ts'
import type { Cloud } from '../cloud.ts'
import { find } from '../find.ts'

/** What volume and image actions do when their time is up. */
export function storageEffects(cloud: Cloud, log: (entry: Record<string, unknown>) => void): Effects {
  const { store, machines } = cloud
  const volumeOf = (action: ActionRecord) => find(cloud, 'volumes', idOf(action, 'volume'))
  const serverOf = (action: ActionRecord) => find(cloud, 'servers', idOf(action, 'server'))
  const link = (volume: VolumeRecord, server: ServerRecord, on: boolean) => {
    const others = server.volumes.filter(id => id !== volume.id)
    store.put('volumes', Object.assign(volume, { server: on ? server.id : null }))
    store.put('servers', Object.assign(server, { volumes: on ? [...others, volume.id] : others }))
  }

  return {
    create_volume: {
      async run(action) {
        const volume = volumeOf(action)
        const { id, sizeGb, format } = volume
        await machines.createVolume({ id, sizeGb, format })
        store.put('volumes', Object.assign(volume, { status: 'available' }))
      },
      fail: action => store.remove('volumes', idOf(action, 'volume')),
    },
    attach_volume: {
      async run(action) {
        const [volume, server] = [volumeOf(action), serverOf(action)]
        await machines.attachVolume(server.id, volume.id)
        link(volume, server, true)
      },
    },
    detach_volume: {
      async run(action) {
        const [volume, server] = [volumeOf(action), serverOf(action)]
        const wasMounted = await machines.detachVolume(server.id, volume.id)
        link(volume, server, false)
        if (wasMounted) log({ volume: volume.id, server: server.id, event: 'detached while mounted' })
      },
    },
    resize_volume: {
      async run(action) {
        const volume = volumeOf(action)
        const sizeGb = Number(action.args.sizeGb)
        await machines.resizeVolume(volume.id, sizeGb)
        store.put('volumes', Object.assign(volume, { sizeGb }))
      },
    },
    create_image: {
      async run(action) {
        const image = find(cloud, 'images', idOf(action, 'image'))
        const handle = await machines.snapshot(idOf(action, 'server'))
        const wire = { ...image.wire, status: 'available' as const, image_size: 2.3 }
        store.put('images', { ...image, wire, handle })
      },
      fail: action => store.remove('images', idOf(action, 'image')),
    },
  }
}

function idOf({ resources }: ActionRecord, wanted: string): number {
  return resources.find(({ type }) => type === wanted)?.id ?? 0
}
