import { paths } from '../paths.ts'
import { shellQuote } from '../shell-quote.ts'
import { scriptHead } from './head.ts'
import { k3sInstallation } from './install-k3s.ts'
import { reporting } from './report.ts'
import { retrying } from './retry.ts'

export type FirstBootInput = {
  config: { k3s: { version: string } }
  /** Id of the data volume, part of its device path. */
  volumeId: number
}

/**
 * The one script of the first boot, run by cosmos-first-boot.service. It may be run again at any time: each step looks
 * whether its work is done. Without the volume it does what needs none, reports `waiting-for-volume` and ends well;
 * cosmos-volume.service starts it again when the volume arrives.
 */
export function firstBootScript({ config, volumeId }: FirstBootInput): string {
  return [
    scriptHead('Written by cosmos: the first boot, safe to run again.', volumeId),
    `k3s_version=${shellQuote(config.k3s.version)}\n`,
    reporting,
    retrying,
    k3sInstallation,
    steps,
  ].join('\n')
}

const steps = `wait_for_device() {
  local second
  for second in $(seq 60); do
    if [ -e "$device" ]; then return 0; fi
    if [ "$second" -eq 1 ]; then echo "Waiting up to 60 seconds for $device."; fi
    sleep 1
  done
  echo 'The volume is not there.'
  return 1
}

mount_volume() {
  start_unit cosmos-volume.service
  mountpoint /data
}

mkdir -p /var/lib/cosmos
touch "$log" "$unfinished"
chmod 0600 "$log"
exec >>"$log" 2>&1
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

step 'Load units'
systemctl daemon-reload
udevadm control --reload
systemctl enable cosmos-first-boot.service cosmos-volume.service cosmos-metadata-block.service

step 'Mount the volume'
if wait_for_device; then mount_volume; fi

step 'Close the metadata service to pods'
start_unit cosmos-metadata-block.service

if ! systemctl is-active --quiet k3s.service; then
  step 'Allow time for shutdown'
  systemctl restart systemd-logind.service
fi

step 'Install K3s'
# cloud-init made it for the manifests, open to all; K3s keeps its own keys there.
chmod 0700 /var/lib/rancher/k3s/server
install_k3s

if ! mountpoint -q /data; then
  step 'Wait for the volume'
  write_report waiting-for-volume null
  # Looked at after the report: a volume that arrives from here on finds the report and starts this script again.
  if [ ! -e "$device" ]; then
    echo 'K3s is installed, and starts when the volume arrives.'
    exit 0
  fi
  step 'Mount the volume'
  mount_volume
fi

step 'Start K3s'
retry 3 start_unit k3s.service

step 'Shred secrets'
${paths.nodeScript} shred-secrets

rm -f "$unfinished"
current_step=Done
echo '== Done'
write_report 'done' 0
`
