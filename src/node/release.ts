import { volumeDevice } from './paths.ts'
import { shellQuote } from './shell-quote.ts'

/** Where the old system disk remembers which swap made it let go; a rebuilt machine has forgotten. */
const marker = '/var/lib/cosmos/released-by'

export type ReleaseInput = {
  /** Name of the Kubernetes node. */
  node: string
  /** Id of the volume, part of its device path. */
  volumeId: number
  /** How long the pods may take together; each has its own grace period within that. */
  drainSeconds: number
  /** Id of the swap, left on the system disk; none for `down`. */
  swap?: string
}

/**
 * The script that lets go of the data volume, sent over SSH and run by `bash -s`. It does not depend on what an older
 * version put on the server, and may be run again at any time. Order and reasons: docs/release.md.
 *
 * Prints `step TITLE` before each step and whenever a step has something new to say, and `released` as its last line
 * when, and only when, nothing can write to the volume any more. Proof is the journal flag: a file system that is mounted
 * in any mount namespace, even after a lazy unmount, has `needs_recovery` set until the last holder is gone
 * (measured: e2fsck and "state: clean" prove nothing).
 */
export function releaseScript({ node, volumeId, drainSeconds, swap }: ReleaseInput): string {
  return `set -u
node=${shellQuote(node)}
device=${volumeDevice(volumeId)}
drain_seconds=${drainSeconds}
${letGo}${swap === undefined ? '' : `mkdir -p /var/lib/cosmos\nprintf '%s\\n' ${shellQuote(swap)} >${marker}\n`}sync
echo released
`
}

/** Says \`yes\` when the system disk is the one that this swap asked to let go. */
export function wasReleasedBy(swap: string): string {
  return `if [ "$(cat ${marker} 2>/dev/null)" = ${shellQuote(swap)} ]; then echo yes; else echo no; fi`
}

/** Whether the script's output says that the volume is free. */
export function isReleased(stdout: string): boolean {
  return stdout.trimEnd().split('\n').at(-1) === 'released'
}

/** The step during which the workload is still served; every later one belongs to the outage. */
export const drainStep = 'Drain the node'

const letGo = `export LC_ALL=C KUBECONFIG=/etc/rancher/k3s/k3s.yaml
disk=$(readlink -f "$device" 2>/dev/null || echo "$device")

step() { printf 'step %s\\n' "$1"; }

# Pods that a drain takes away. "ignored" are DaemonSet's, which the drain names itself.
pods_on_node() {
  timeout 20 k3s kubectl get pods -A --no-headers --field-selector "spec.nodeName=$node" 2>/dev/null | grep -vc ' Completed '
}

# Reads what the drain says, and says how many pods are left.
tell_drain() {
  local left=$1 line rest
  while read -r line; do
    case "$line" in
      *'ignoring DaemonSet-managed Pods: '*)
        rest=\${line//[^,]/}
        left=$((left - \${#rest} - 1))
        if [ "$left" -gt 0 ]; then step "${drainStep}: $left pods left"; fi
        ;;
      pod/*' deleted'*)
        left=$((left - 1))
        if [ "$left" -gt 0 ]; then
          step "${drainStep}: $left pods left"
        else
          step "${drainStep}: all pods have ended"
        fi
        ;;
      error:*) echo "$line" ;;
    esac
  done
}

# Process ids of everything that runs in a pod.
container_processes() {
  grep -l kubepods /proc/[0-9]*/cgroup 2>/dev/null | sed -e 's|^/proc/||' -e 's|/cgroup$||'
}

# Everybody who still holds the volume: open files, working directory, or a mount of its own.
holders() {
  local proc pid name space file own
  own=$(readlink /proc/$$/ns/mnt)
  for proc in /proc/[0-9]*; do
    pid=\${proc#/proc/}
    name=$(cat "$proc/comm" 2>/dev/null) || continue
    space=$(readlink "$proc/ns/mnt" 2>/dev/null) || continue
    # shellcheck disable=SC2012
    file=$(ls -l "$proc/cwd" "$proc/fd" 2>/dev/null | sed -n -e 's|.* -> \\(/data/.*\\)$|\\1|p' -e 's|.* -> \\(/data\\)$|\\1|p' | head -n 1)
    if [ -n "$file" ]; then
      echo "Process $pid ($name) has $file open, in mount namespace $space."
    elif [ "$space" != "$own" ] && grep -q " $disk " "$proc/mountinfo" 2>/dev/null; then
      echo "Process $pid ($name) has the volume mounted, in mount namespace $space."
    fi
  done
}

is_open() { dumpe2fs -h "$device" 2>/dev/null | grep -q needs_recovery; }

if systemctl is-active --quiet k3s; then
  step '${drainStep}'
  k3s kubectl cordon "$node" >/dev/null || true
  pods=$(pods_on_node) || pods=0
  k3s kubectl drain "$node" --ignore-daemonsets --delete-emptydir-data --force --disable-eviction \\
    --grace-period=-1 --timeout="\${drain_seconds}s" 2>&1 | tell_drain "$pods"
  step 'Stop K3s'
  if ! systemctl stop k3s; then
    echo 'K3s does not stop.'
    exit 1
  fi
fi

# What the drain left: DaemonSets, and pods that took too long. Asked first, killed later.
if [ -n "$(container_processes)" ]; then
  step 'Stop what is left of the containers'
  for pid in $(container_processes); do kill -TERM "$pid" 2>/dev/null || true; done
  for _ in $(seq 20); do
    if [ -z "$(container_processes)" ]; then break; fi
    sleep 1
  done
fi
systemctl kill --kill-who=all --signal=TERM k3s 2>/dev/null || true
if [ -x /usr/local/bin/k3s-killall.sh ]; then
  step 'Clear away what K3s left'
  /usr/local/bin/k3s-killall.sh >/dev/null 2>&1 || true
fi

step 'Unmount /data'
sync
for try in $(seq 30); do
  mountpoint -q /data || break
  umount /data 2>/dev/null && break
  if [ "$try" -eq 1 ] || [ "$try" -eq 15 ]; then holders; fi
  step "Unmount /data: still in use, try $try of 30"
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
    is_open || break
    sleep 1
  done
  if is_open; then
    echo 'The file system is still in use in another mount namespace (its journal is open):'
    holders
    exit 1
  fi
  blockdev --flushbufs "$device" 2>/dev/null || true
fi
`

/**
 * The script that puts a server back to work that was asked to let go: mount, K3s, uncordon. Prints `restored` at its end.
 * @param node name of the Kubernetes node
 */
export function restoreScript(node: string): string {
  return `set -u
node=${shellQuote(node)}
rm -f ${marker}
echo 'step Mount the volume'
if ! mountpoint -q /data; then systemctl start cosmos-volume.service; fi
if ! mountpoint -q /data; then
  echo 'The volume could not be mounted.'
  journalctl --no-pager -o cat -n 20 -u cosmos-volume.service || true
  exit 1
fi
echo 'step Start K3s'
systemctl start k3s || exit 1
echo 'step Let pods run on the node again'
for try in $(seq 60); do
  if timeout 20 k3s kubectl uncordon "$node" >/dev/null 2>&1; then
    echo restored
    exit 0
  fi
  sleep 2
done
echo 'K3s does not answer.'
exit 1
`
}

/** Whether the restore script's output says that the server is at work again. */
export function isRestored(stdout: string): boolean {
  return stdout.trimEnd().split('\n').at(-1) === 'restored'
}
