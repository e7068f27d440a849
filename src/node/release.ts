/**
 * The script that lets go of the data volume, sent over SSH and run by `bash -s`. It does not depend on what an older
 * version put on the server. Order and reasons: docs/release.md.
 *
 * Prints `step TITLE` before each step, and `released` as its last line when, and only when, nothing can write to the
 * volume any more. Proof is the journal flag: a file system that is mounted in any mount namespace, even after a lazy
 * unmount, has `needs_recovery` set until the last holder is gone (measured: e2fsck and "state: clean" prove nothing).
 * @param nodeName name of the Kubernetes node
 * @param volumeId id of the volume, part of its device path
 * @param drainSeconds how long the pods may take together; each has its own grace period within that
 */
export function releaseScript(nodeName: string, volumeId: number, drainSeconds: number): string {
  return `set -u
node='${nodeName}'
device='/dev/disk/by-id/scsi-0HC_Volume_${volumeId}'
export KUBECONFIG=/etc/rancher/k3s/k3s.yaml

step() { printf 'step %s\\n' "$1"; }

# Anybody who still holds it, for the person who has to decide.
holders() {
  fuser -vm /data 2>&1 || true
}

if systemctl is-active --quiet k3s; then
  step 'Drain the node'
  k3s kubectl cordon "$node" || true
  k3s kubectl drain "$node" --ignore-daemonsets --delete-emptydir-data --force --disable-eviction \\
    --grace-period=-1 --timeout=${drainSeconds}s || echo 'Some pods did not stop in time; they are stopped by force below.'
  step 'Stop K3s'
  systemctl stop k3s || exit 1
fi

step 'Stop what is left of the containers'
systemctl kill --kill-who=all --signal=TERM k3s 2>/dev/null || true
if [ -x /usr/local/bin/k3s-killall.sh ]; then
  /usr/local/bin/k3s-killall.sh >/dev/null 2>&1 || true
fi

step 'Unmount /data'
sync
for _ in $(seq 30); do
  mountpoint -q /data || break
  umount /data && break
  holders
  sleep 1
done
if mountpoint -q /data; then
  echo 'Something still holds /data:'
  holders
  exit 1
fi

step 'Prove that the volume is free'
if [ -e "$device" ]; then
  for _ in $(seq 15); do
    dumpe2fs -h "$device" 2>/dev/null | grep -q needs_recovery || break
    sleep 1
  done
  if dumpe2fs -h "$device" 2>/dev/null | grep -q needs_recovery; then
    echo 'The file system is still in use in another mount namespace (its journal is open).'
    exit 1
  fi
fi
sync
echo released
`
}

/** Whether the script's output says that the volume is free. */
export function isReleased(stdout: string): boolean {
  return stdout.trimEnd().split('\n').at(-1) === 'released'
}
