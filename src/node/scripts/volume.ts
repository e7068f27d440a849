import { mountOptions } from '../paths.ts'

/**
 * Bash: the volume gets mounted. Nothing that holds anything is ever formatted: blkid must find no signature at all,
 * and the first mebibyte must be zeros, because blkid's exit code is 2 for "nothing found" and for "cannot read" alike.
 */
export const volumeMounting = `format_if_blank() {
  local status=0 found used
  found=$(blkid -p -o export "$device") || status=$?
  if [ "$status" -eq 2 ] && [ -z "$found" ]; then
    used=$(head -c 1048576 "$device" | tr -d '\\000' | wc -c)
    if [ "$used" -ne 0 ]; then
      fail "$device holds data that is no known file system. It is not formatted."
    fi
    echo "$device is blank: making an ext4 file system."
    mkfs.ext4 -q "$device"
  elif [ "$status" -ne 0 ]; then
    fail "blkid cannot say what is on $device (exit code $status). It is not formatted."
  elif ! printf '%s\\n' "$found" | grep -qx 'TYPE=ext4'; then
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
  if ! grep -q "^\${device}[[:space:]]" /etc/fstab; then
    echo "$device /data ext4 ${mountOptions} 0 0" >>/etc/fstab
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
  if [ -f "$report" ]; then sed -n 's/^{"state":"\\([a-z-]*\\)".*/\\1/p' "$report"; fi
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
`
