import type { MachineFile, UserDataInput } from './input.ts'
import { k3sFiles } from './k3s.ts'
import { sshCommands, sshFiles } from './ssh.ts'
import { unitFiles } from './units.ts'

/** The cloud-config as an object, in the order in which it is written. */
export function cloudConfig(input: UserDataInput): Record<string, unknown> {
  const { config, device, paths } = input
  return {
    hostname: config.name,
    preserve_hostname: false,
    // Our host key and no other, from the first connection on.
    ssh_deletekeys: true,
    ssh_keys: {
      ed25519_private: `${input.sshHostKey.privateKey.trim()}\n`,
      ed25519_public: input.sshHostKey.publicKey.trim(),
    },
    disable_root: false,
    ssh_pwauth: false,
    // Costs half a minute and more, and makes boots differ.
    package_update: false,
    package_upgrade: false,
    mounts: [[device, paths.data, 'ext4', input.mountOptions, '0', '0']],
    write_files: machineFiles(input).map(({ path, content, permissions }) => ({
      path,
      permissions,
      content,
    })),
    runcmd: [
      ['systemctl', 'daemon-reload'],
      ...sshCommands(config.ssh.port),
      // Last: of a list, cloud-init reports only the last one's failure (facts/vm-lab.md §5).
      ['systemctl', 'start', 'cosmos-first-boot.service'],
    ],
  }
}

/** Every file the machine gets. Nothing below /data: that would land on the OS disk, hidden by the later mount. */
export function machineFiles(input: UserDataInput): MachineFile[] {
  const { config, address, manifests, paths, scripts } = input
  return [
    ...sshFiles(config.ssh.port),
    ...k3sFiles(config, address),
    ...unitFiles(input),
    { path: paths.firstBootScript, content: scripts.firstBoot, permissions: '0700' },
    { path: paths.nodeScript, content: scripts.node, permissions: '0700' },
    ...manifests.map(({ name, content }) => ({
      path: `${paths.manifests}/${name}`,
      content,
      permissions: '0600',
    })),
  ]
}
