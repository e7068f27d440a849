#!/bin/bash
# Written by cosmos: the first boot, safe to run again.
set -euo pipefail
export LC_ALL=C HOME=/root
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

device=/dev/disk/by-id/scsi-0HC_Volume_7
report=/var/lib/cosmos/first-boot.json

k3s_version=v1.37.1+k3s1

log=/var/log/cosmos-first-boot.log
unfinished=/var/lib/cosmos/first-boot.unfinished
current_step=Begin

# Lines of the log as JSON strings, joined by commas.
last_lines() {
  tail -n 20 "$log" | tr '\t' ' ' | tr -d '\000-\011\013-\037\177' |
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&"/' | paste -s -d ,
}

# write_report STATE EXIT-CODE
write_report() {
  local lines=''
  if [ "$1" = failed ]; then lines=$(last_lines); fi
  printf '{"state":"%s","step":"%s","exitCode":%s,"at":"%s","lastLines":[%s]}\n' \
    "$1" "$current_step" "$2" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$lines" >"$report.new"
  mv "$report.new" "$report"
}

step() {
  current_step=$1
  echo "== $1"
  write_report running null
}

finish() {
  local code=$?
  trap - EXIT
  if [ "$code" -ne 0 ]; then
    echo "Step '$current_step' failed with exit code $code."
    write_report failed "$code"
  fi
  exit "$code"
}

# retry ATTEMPTS COMMAND...: with growing pauses; the status of the last attempt.
retry() {
  local attempts=$1 attempt status=0
  shift
  for attempt in $(seq "$attempts"); do
    if "$@"; then return 0; else status=$?; fi
    if [ "$attempt" -lt "$attempts" ]; then
      echo "Attempt $attempt of $attempts failed; the next one in $((attempt * 5)) seconds."
      sleep $((attempt * 5))
    fi
  done
  return "$status"
}

start_unit() {
  local status=0
  timeout 900 systemctl start "$1" || status=$?
  if [ "$status" -ne 0 ]; then
    echo "$1 did not start. Its last lines:"
    journalctl --no-pager -o cat -n 20 -u "$1" || true
  fi
  return "$status"
}

installer=/var/lib/cosmos/install-k3s.sh
cache_root=/data/cache/k3s
cache=$cache_root/$k3s_version-$(uname -m)

is_k3s_installed() {
  if [ ! -f /etc/systemd/system/k3s.service ]; then return 1; fi
  case "$(k3s --version 2>/dev/null)" in
    "k3s version $k3s_version "*) return 0 ;;
    *) return 1 ;;
  esac
}

is_k3s_cached() {
  mountpoint -q /data && [ -f "$cache/SHA256SUMS" ] &&
    (cd "$cache" && sha256sum --check --status SHA256SUMS)
}

# run_installer [NAME=VALUE]...
run_installer() {
  env INSTALL_K3S_VERSION="$k3s_version" INSTALL_K3S_SKIP_START=true "$@" sh "$installer"
}

download_k3s() {
  curl -fsSL --connect-timeout 10 --max-time 120 -o "$installer" https://get.k3s.io && run_installer
}

cache_k3s() {
  rm -rf "$cache_root" &&
    mkdir -p "$cache.new" &&
    cp /usr/local/bin/k3s "$cache.new/k3s" &&
    cp "$installer" "$cache.new/install.sh" &&
    (cd "$cache.new" && sha256sum k3s install.sh >SHA256SUMS) &&
    mv "$cache.new" "$cache"
}

install_k3s() {
  if is_k3s_installed; then
    echo "K3s $k3s_version is installed."
  elif is_k3s_cached; then
    echo "K3s $k3s_version comes from the volume."
    install -m 0755 "$cache/k3s" /usr/local/bin/k3s
    cp "$cache/install.sh" "$installer"
    run_installer INSTALL_K3S_SKIP_DOWNLOAD=true
  else
    echo "Downloading K3s $k3s_version."
    retry 5 download_k3s
  fi
  if mountpoint -q /data && ! is_k3s_cached; then
    cache_k3s || echo 'K3s could not be kept on the volume; the next machine downloads it again.'
  fi
}

wait_for_device() {
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
/usr/local/sbin/cosmos-node shred-secrets

rm -f "$unfinished"
current_step=Done
echo '== Done'
write_report 'done' 0
