import type { MachineFile, UserDataInput } from './input.ts'

const units = '/etc/systemd/system'

/**
 * What the machine does by itself. Both units can be asked for at any time and by several at once: systemd runs one of
 * each. What waits for another is only asked for (`--no-block`) by the scripts, so that none waits for itself.
 */
export function unitFiles({ volumeId, device, paths }: UserDataInput): MachineFile[] {
  return [
    unit('cosmos-first-boot.service', firstBoot(paths)),
    unit('cosmos-volume.service', volume(device, paths.nodeScript)),
    unit('cosmos-metadata-block.service', metadataBlock(paths.nodeScript)),
    {
      path: '/etc/udev/rules.d/90-cosmos-volume.rules',
      permissions: '0644',
      content: `ACTION=="add|change", SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ENV{ID_SERIAL}=="0HC_Volume_${volumeId}", TAG+="systemd", ENV{SYSTEMD_WANTS}+="cosmos-volume.service"\n`,
    },
    { path: paths.unfinished, permissions: '0644', content: 'Removed at the end of the first boot.\n' },
  ]
}

function unit(name: string, content: string): MachineFile {
  return { path: `${units}/${name}`, permissions: '0644', content }
}

/** Started by cloud-init; enabled by the script, so that a first boot that was cut off goes on at the next start. */
function firstBoot(paths: UserDataInput['paths']): string {
  return `[Unit]
Description=First boot of a cosmos machine
ConditionPathExists=${paths.unfinished}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=${paths.firstBootScript}
TimeoutStartSec=infinity

[Install]
WantedBy=multi-user.target
`
}

/**
 * Started by the first boot, at every later boot, and by udev when the device appears: a volume that arrives late is
 * mounted by nothing else, data.mount stays inactive for ever (facts/vm-lab.md §4). After data.mount, because a file
 * system that is just being mounted must not be checked.
 */
function volume(device: string, nodeScript: string): string {
  return `[Unit]
Description=Mount the data volume, and go on with what waited for it
ConditionPathExists=${device}
After=data.mount
Before=k3s.service

[Service]
Type=oneshot
ExecStart=${nodeScript} mount-volume
TimeoutStartSec=infinity

[Install]
WantedBy=multi-user.target
`
}

/** Any pod could read the user data, secrets included. K3s does not start while that is so. */
function metadataBlock(nodeScript: string): string {
  return `[Unit]
Description=Close the metadata service to pods
After=nftables.service
Before=k3s.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${nodeScript} close-metadata

[Install]
WantedBy=multi-user.target
RequiredBy=k3s.service
`
}
