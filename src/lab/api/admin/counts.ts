import type { Cloud } from '../cloud.ts'

export type Counts = {
  servers: number
  volumes: number
  primaryIps: number
  firewalls: number
  sshKeys: number
  snapshots: number
  runningActions: number
  faults: number
}

/** How much there is in a lab. */
export function countsOf({ store }: Pick<Cloud, 'store'>): Counts {
  return {
    servers: store.count('servers'),
    volumes: store.count('volumes'),
    primaryIps: store.count('primaryIps'),
    firewalls: store.count('firewalls'),
    sshKeys: store.count('sshKeys'),
    snapshots: store.count('images'),
    runningActions: store.all('actions').filter(({ status }) => status === 'running').length,
    faults: store.count('faults'),
  }
}
