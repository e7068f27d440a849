import type { MachineFile } from './input.ts'

const units = '/etc/systemd/system'

/** The first boot as one unit, so that cloud-init and the arrival of the volume never run it twice at once. */
export function unitFiles(firstBootScript: string): MachineFile[] {
  return [
    {
      path: `${units}/cosmos-first-boot.service`,
      permissions: '0644',
      content: `[Unit]
Description=First boot of a cosmos machine
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=${firstBootScript}
TimeoutStartSec=infinity
`,
    },
    {
      // A volume that arrives late is mounted by nothing else: data.mount stays inactive for ever (facts/vm-lab.md §4).
      path: '/etc/udev/rules.d/90-cosmos-volume.rules',
      permissions: '0644',
      content:
        'ACTION=="add|change", SUBSYSTEM=="block", ENV{ID_SERIAL}=="0HC_Volume_*", TAG+="systemd", ENV{SYSTEMD_WANTS}+="cosmos-first-boot.service"\n',
    },
    {
      // Any pod could read the user data, secrets included. The raw table survives what K3s does to the others.
      path: `${units}/cosmos-metadata-block.service`,
      permissions: '0644',
      content: `[Unit]
Description=Close the metadata service to pods
Before=k3s.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/iptables -w -t raw -I PREROUTING -s 10.42.0.0/16 -d 169.254.169.254 -j DROP

[Install]
WantedBy=multi-user.target
`,
    },
  ]
}
