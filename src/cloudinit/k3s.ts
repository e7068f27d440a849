import { stringify } from 'yaml'
import type { Config } from '../config/schema.ts'
import type { MachineFile } from './input.ts'

/** Settings of K3s and what makes it wait for the volume and let pods end. Sources: facts/kubernetes.md A.2, A.3, A.5. */
export function k3sFiles(config: Config, address: string): MachineFile[] {
  return [
    { path: '/etc/rancher/k3s/config.yaml', content: k3sConfig(config, address), permissions: '0600' },
    {
      path: '/etc/systemd/system/k3s.service.d/10-cosmos-data.conf',
      content: waitForVolume,
      permissions: '0644',
    },
    {
      path: '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/90-cosmos-shutdown.conf',
      content: kubeletShutdown,
      permissions: '0644',
    },
    { path: '/etc/systemd/logind.conf.d/zz-cosmos.conf', content: logindShutdown, permissions: '0644' },
  ]
}

/** The node name is fixed: volumes are bound to the label that comes from it, on every machine. */
function k3sConfig({ name, domain }: Config, address: string): string {
  return stringify({
    'node-name': name,
    'tls-san': [address, ...(domain === undefined ? [] : [domain])],
    'default-local-storage-path': '/data/k3s-storage',
    'write-kubeconfig-mode': '0600',
    'kubelet-arg': ['container-log-max-size=10Mi', 'container-log-max-files=3'],
  })
}

/** The first line alone checks nothing where no mount unit exists; the second refuses to start on the bare OS disk. */
const waitForVolume = `[Unit]
RequiresMountsFor=/data
AssertPathIsMountPoint=/data
After=cosmos-volume.service
`

/** Graceful node shutdown is off by default in K3s: without it a plain power-off cuts databases off. */
const kubeletShutdown = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
shutdownGracePeriod: 90s
shutdownGracePeriodCriticalPods: 20s
`

/** Sorts after Ubuntu's unattended-upgrades drop-in, whose 30 seconds would win silently over the kubelet's. */
const logindShutdown = `[Login]
InhibitDelayMaxSec=120
`
