import { paths, volumeDevice } from './paths.ts'
import { shellQuote } from './shell-quote.ts'

export type FirstBootInput = {
  config: { k3s: { version: string } }
  volumeId: number
  /** Manifests with secrets, shredded once K3s has applied them: file names, and the Secrets they make. */
  secrets: readonly { file: string; namespace: string; name: string }[]
}

/** How long the script itself waits for the volume, seconds; after that the arrival of the device starts it again. */
const volumeWaitSeconds = 60

/**
 * The one script of the first boot: bash, run by a systemd unit of one instance, from cloud-init and again when a late volume appears.
 * cloud-init calls a boot "done" when a command in the middle failed (facts/vm-lab.md §5), so the script reports for itself:
 * state, step and exit code in a file, and everything else in a log. Safe to run again at any point.
 */
export function firstBootScript({ config, volumeId, secrets }: FirstBootInput): string {
  const { version } = config.k3s
  return `#!/bin/bash
# Written by cosmos.
set -euo pipefail

device=${volumeDevice(volumeId)}
version=${shellQuote(version)}
report=${paths.report}
log=${paths.firstBootLog}
cache=${paths.data}/cache/k3s/$version
export KUBECONFIG=${paths.kubeconfig}

mkdir -p "$(dirname "$report")"
exec >>"$log" 2>&1

current='Start'
write_report() {
  printf '{"state":"%s","step":"%s","exitCode":%s}\\n' "$1" "$current" "$2" >"$report.new"
  mv "$report.new" "$report"
}
step() {
  current=$1
  printf '%s %s\\n' "$(date -u +%H:%M:%S)" "$1"
  write_report running 0
}
on_exit() {
  code=$?
  if [ "$code" -ne 0 ]; then
    printf '%s failed with exit code %s\\n' "$current" "$code"
    write_report failed "$code"
  fi
}
trap on_exit EXIT

mount_volume() {
  if mountpoint -q ${paths.data}; then return 0; fi
  step 'Check and mount the volume'
  kind=$(blkid -o value -s TYPE "$device" || true)
  if [ -z "$kind" ]; then
    mkfs.ext4 -q "$device"
  elif [ "$kind" = ext4 ]; then
    code=0
    e2fsck -p "$device" || code=$?
    if [ "$code" -ge 4 ]; then
      echo "The file system on $device has errors that need a person: e2fsck $device"
      return "$code"
    fi
  fi
  mkdir -p ${paths.data}
  mount ${paths.data}
}

make_directories() {
  step 'Make directories on the volume'
  install -d -m 0755 ${paths.data}/k3s-storage ${paths.data}/cache
  install -d -m 0700 -o 65532 -g 65532 ${paths.data}/traefik
  install -d -m 2775 -o 1000 -g 2000 ${paths.data}/prometheus ${paths.data}/prometheus/prometheus-db
  install -d -m 2775 -o 1000 -g 2000 ${paths.data}/alertmanager ${paths.data}/alertmanager/alertmanager-db
}

install_k3s() {
  step "Install K3s $version"
  if [ -x "$cache/k3s" ]; then
    echo 'Using the K3s binary kept on the volume.'
    install -m 0755 "$cache/k3s" /usr/local/bin/k3s
  fi
  installer=/var/lib/cosmos/install-k3s.sh
  attempt=1
  until curl -fsSL -o "$installer" https://get.k3s.io && INSTALL_K3S_VERSION="$version" INSTALL_K3S_SKIP_START=true sh "$installer"; do
    if [ "$attempt" -ge 5 ]; then
      echo 'K3s could not be installed: the download failed five times.'
      return 1
    fi
    attempt=$((attempt + 1))
    echo "Trying again ($attempt of 5)."
    sleep 5
  done
}

# A Secret is in the cluster when K3s has applied its file; the file is not needed any more then.
shred_when_applied() {
  attempt=0
  until k3s kubectl -n "$2" get secret "$3" -o name >/dev/null 2>&1; do
    attempt=$((attempt + 1))
    if [ "$attempt" -ge 150 ]; then
      echo "Secret $2/$3 was not taken over by K3s."
      return 1
    fi
    sleep 2
  done
  if [ -e "${paths.manifests}/$1" ]; then shred -u "${paths.manifests}/$1"; fi
}

if [ -e "$report" ] && grep -q '"state":"done"' "$report"; then
  mount_volume
  systemctl start k3s
  current='Done'
  write_report 'done' 0
  exit 0
fi

step 'Close the metadata service to pods'
systemctl daemon-reload
systemctl restart systemd-logind
systemctl enable --now cosmos-metadata-block.service

if [ -e "$device" ]; then
  mount_volume
  make_directories
fi
install_k3s

if ! mountpoint -q ${paths.data}; then
  step 'Wait for the volume'
  attempt=0
  while [ ! -e "$device" ] && [ "$attempt" -lt ${volumeWaitSeconds} ]; do
    attempt=$((attempt + 1))
    sleep 1
  done
  if [ ! -e "$device" ]; then
    echo 'Everything is ready but the volume. Its arrival goes on from here.'
    write_report waiting-for-volume 0
    exit 0
  fi
  mount_volume
  make_directories
fi

step 'Start K3s'
systemctl start k3s

step 'Hand the secrets over to the cluster'
${secrets.map(({ file, namespace, name }) => `shred_when_applied ${[file, namespace, name].map(shellQuote).join(' ')}`).join('\n') || ':'}

step 'Keep the K3s binary for the next machine'
if [ ! -x "$cache/k3s" ]; then
  rm -rf ${paths.data}/cache/k3s
  mkdir -p "$cache"
  cp /usr/local/bin/k3s "$cache/k3s.new"
  mv "$cache/k3s.new" "$cache/k3s"
fi

current='Done'
write_report 'done' 0
printf '%s Done\\n' "$(date -u +%H:%M:%S)"
`
}
