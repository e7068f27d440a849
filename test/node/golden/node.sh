#!/bin/bash
# Written by cosmos: cosmos-node VERB, what this machine can be asked to do.
set -euo pipefail
export LC_ALL=C HOME=/root
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

device=/dev/disk/by-id/scsi-0HC_Volume_7
report=/var/lib/cosmos/first-boot.json

fail() {
  echo "$1" >&2
  exit 1
}

format_if_blank() {
  local status=0 found used
  found=$(blkid -p -o export "$device") || status=$?
  if [ "$status" -eq 2 ] && [ -z "$found" ]; then
    used=$(head -c 1048576 "$device" | tr -d '\000' | wc -c)
    if [ "$used" -ne 0 ]; then
      fail "$device holds data that is no known file system. It is not formatted."
    fi
    echo "$device is blank: making an ext4 file system."
    mkfs.ext4 -q "$device"
  elif [ "$status" -ne 0 ]; then
    fail "blkid cannot say what is on $device (exit code $status). It is not formatted."
  elif ! printf '%s\n' "$found" | grep -qx 'TYPE=ext4'; then
    fail "$device holds something other than ext4. It is not formatted."
  fi
}

check_file_system() {
  local status=0
  e2fsck -p "$device" || status=$?
  if [ "$status" -ge 4 ]; then
    fail "The file system on $device has errors (e2fsck exit code $status). It is not mounted."
  fi
}

# cloud-init writes this line too, when it gets that far.
add_to_fstab() {
  if ! grep -q "^${device}[[:space:]]" /etc/fstab; then
    echo "$device /data ext4 discard,nofail,x-systemd.device-timeout=30s 0 0" >>/etc/fstab
    systemctl daemon-reload
  fi
}

mount_data() {
  if mountpoint -q /data; then
    if [ "$(readlink -f "$(findmnt -n -o SOURCE /data)")" != "$(readlink -f "$device")" ]; then
      fail "Something other than $device is mounted at /data."
    fi
    echo '/data is mounted.'
    return 0
  fi
  if [ ! -e "$device" ]; then fail "$device is not there."; fi
  format_if_blank
  check_file_system
  mkdir -p /data
  add_to_fstab
  mount /data
  # The volume may have grown while it was away.
  resize2fs "$device" || echo 'The file system could not be grown to the size of the volume.'
}

# After the mount, or they would lie on the system disk. Owners: Traefik 65532, Prometheus and Alertmanager 1000:2000.
make_directories() {
  install -d -m 0755 /data/cache /data/cache/k3s
  install -d -m 0700 /data/k3s-storage
  install -d -m 0700 -o 65532 -g 65532 /data/traefik
  install -d -m 2775 -o 1000 -g 2000 /data/prometheus /data/prometheus/prometheus-db
  install -d -m 2775 -o 1000 -g 2000 /data/alertmanager /data/alertmanager/alertmanager-db
}

first_boot_state() {
  if [ -f "$report" ]; then sed -n 's/^{"state":"\([a-z-]*\)".*/\1/p' "$report"; fi
}

# What waited for the volume goes on. Only asked for: K3s is ordered after the unit this runs in.
mount_volume() {
  mount_data
  make_directories
  case "$(first_boot_state)" in
    waiting-for-volume) systemctl start --no-block cosmos-first-boot.service ;;
    done) systemctl start --no-block k3s.service ;;
  esac
}

close_metadata() {
  if command -v iptables >/dev/null; then
    iptables -w -t raw -C PREROUTING -s 10.42.0.0/16 -d 169.254.169.254 -j DROP 2>/dev/null ||
      iptables -w -t raw -I PREROUTING -s 10.42.0.0/16 -d 169.254.169.254 -j DROP
  elif command -v nft >/dev/null; then
    nft add table ip cosmos
    nft 'add chain ip cosmos prerouting { type filter hook prerouting priority -300 ; }'
    nft flush chain ip cosmos prerouting
    nft add rule ip cosmos prerouting ip saddr 10.42.0.0/16 ip daddr 169.254.169.254 drop
  else
    fail 'There is neither iptables nor nft to close the metadata service with.'
  fi
}

secret_files='/var/lib/rancher/k3s/server/manifests/cosmos-20-sealing-keys.yaml /var/lib/rancher/k3s/server/manifests/cosmos-30-repository.yaml'

# wait_for FILE KIND NAMESPACE NAME: until K3s has made the object, where the file is still there.
wait_for() {
  local attempt
  if [ ! -f "$1" ]; then return 0; fi
  for attempt in $(seq 150); do
    if timeout 20 k3s kubectl -n "$3" get "$2" "$4" -o name >/dev/null 2>&1; then return 0; fi
    if [ "$attempt" -eq 1 ]; then echo "Waiting for K3s to make $2 $3/$4."; fi
    sleep 2
  done
  fail "K3s has not made $2 $3/$4. Its manifest stays where it is."
}

empty_data_source() {
  python3 - "$1" <<'END'
import os, pickle, sys
path = sys.argv[1]
with open(path, 'rb') as file:
    source = pickle.load(file)
source.userdata_raw = b''
source.userdata = None
with open(os.open(path + '.new', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400), 'wb') as file:
    file.write(pickle.dumps(source))
os.replace(path + '.new', path)
END
}

shred_secrets() {
  local file
  wait_for /var/lib/rancher/k3s/server/manifests/cosmos-20-sealing-keys.yaml secret kube-system sealed-secrets-key
  wait_for /var/lib/rancher/k3s/server/manifests/cosmos-30-repository.yaml secret argocd cosmos-repo
  # The datastore answers before its last writes are safe; after a power cut the manifests would be missed.
  sync
  for file in $secret_files /var/lib/cloud/instance/user-data.txt /var/lib/cloud/instance/user-data.txt.i \
    /var/lib/cloud/instance/cloud-config.txt; do
    if [ -f "$file" ]; then shred -u "$file"; fi
  done
  if [ -f /var/lib/cloud/instance/obj.pkl ]; then
    empty_data_source /var/lib/cloud/instance/obj.pkl || echo 'The user data is still in /var/lib/cloud/instance/obj.pkl.'
  fi
}

has_secrets() {
  local file
  for file in $secret_files /var/lib/cloud/instance/user-data.txt; do
    if [ -s "$file" ]; then return 0; fi
  done
  return 1
}

# is COMMAND...: true or false, as JSON has it.
is() {
  if "$@" >/dev/null 2>&1; then echo true; else echo false; fi
}

status() {
  local first_boot=null
  if [ -f "$report" ]; then first_boot=$(cat "$report"); fi
  printf '{"version":1,"firstBoot":%s,"volume":{"id":7,"attached":%s,"mounted":%s},' \
    "$first_boot" "$(is test -e "$device")" "$(is mountpoint -q /data)"
  printf '"k3s":{"installed":%s,"active":%s},"secretsOnDisk":%s}\n' \
    "$(is test -x /usr/local/bin/k3s)" "$(is systemctl is-active --quiet k3s.service)" "$(is has_secrets)"
}

verb=none
if [ $# -gt 0 ]; then verb=$1; fi
case "$verb" in
  status) status ;;
  mount-volume) mount_volume ;;
  close-metadata) close_metadata ;;
  shred-secrets) shred_secrets ;;
  *)
    echo 'Usage: cosmos-node status|mount-volume|close-metadata|shred-secrets' >&2
    exit 2
    ;;
esac
