/** Where things lie on the server. Every text that names one of them takes it from here. */
export const paths = {
  firstBootLog: '/var/log/cosmos-first-boot.log',
  firstBootReport: '/var/lib/cosmos/first-boot.json',
  /** Exists until the first boot is through, so that one that was cut off goes on at the next start. */
  firstBootUnfinished: '/var/lib/cosmos/first-boot.unfinished',
  /** One file name per line: manifests to shred once K3s has their objects. */
  secretManifests: '/var/lib/cosmos/secret-manifests',
  manifests: '/var/lib/rancher/k3s/server/manifests',
  kubeconfig: '/etc/rancher/k3s/k3s.yaml',
  firstBootScript: '/usr/local/sbin/cosmos-first-boot',
  nodeScript: '/usr/local/sbin/cosmos-node',
  cloudInitLog: '/var/log/cloud-init.log',
  cloudInitOutput: '/var/log/cloud-init-output.log',
  cloudInitResult: '/run/cloud-init/result.json',
} as const

/** The volume's device: by id, because /dev/sdb may be another one tomorrow (facts/hetzner-api.md §7). */
export function volumeDevice(volumeId: number): string {
  return `/dev/disk/by-id/scsi-0HC_Volume_${volumeId}`
}

/** fstab options of /data: a machine without its volume still boots, and says so within half a minute. */
export const mountOptions = 'discard,nofail,x-systemd.device-timeout=30s,defaults'
