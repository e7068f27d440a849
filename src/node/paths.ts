/** Where things lie on the server. Known to the scripts, the commands and the user data alike. */
export const paths = {
  firstBootScript: '/usr/local/sbin/cosmos-first-boot',
  nodeScript: '/usr/local/sbin/cosmos-node',
  report: '/var/lib/cosmos/first-boot.json',
  /** Exists until the first boot is through, so that one that was cut off goes on at the next start. */
  unfinished: '/var/lib/cosmos/first-boot.unfinished',
  firstBootLog: '/var/log/cosmos-first-boot.log',
  data: '/data',
  manifests: '/var/lib/rancher/k3s/server/manifests',
  kubeconfig: '/etc/rancher/k3s/k3s.yaml',
  cloudInitLog: '/var/log/cloud-init.log',
  cloudInitOutput: '/var/log/cloud-init-output.log',
  cloudInitResult: '/run/cloud-init/result.json',
} as const

/** Path of a volume's device. Never /dev/sdb: the order may change (facts/hetzner-api.md §7). */
export function volumeDevice(volumeId: number): string {
  return `/dev/disk/by-id/scsi-0HC_Volume_${volumeId}`
}

/** Mount options of /data: a machine without its volume still boots, and says so within half a minute. */
export const mountOptions = 'discard,nofail,x-systemd.device-timeout=30s'
