/**
 * What get.k3s.io answers in the lab: a script of ours with the environment contract of the real one
 * (facts/kubernetes.md A.1, from its source), run by the machine's own shell.
 */
export const installerScript = `#!/bin/sh
set -e

info() { echo '[INFO] ' "$@"; }
fatal() { echo '[ERROR] ' "$@" >&2; exit 1; }

BIN_DIR=\${INSTALL_K3S_BIN_DIR:-/usr/local/bin}
SYSTEMD_DIR=\${INSTALL_K3S_SYSTEMD_DIR:-/etc/systemd/system}
case "$(uname -m)" in
  x86_64) ARCH=amd64; SUFFIX= ;;
  aarch64) ARCH=arm64; SUFFIX=-arm64 ;;
  *) fatal "Unsupported architecture $(uname -m)" ;;
esac

VERSION=$INSTALL_K3S_VERSION
if [ -z "$VERSION" ]; then
  VERSION=v1.37.1+k3s1
  info "Finding release for channel \${INSTALL_K3S_CHANNEL:-stable}"
fi
info "Using $VERSION as release"

URL="https://github.com/k3s-io/k3s/releases/download/$(printf %s "$VERSION" | sed 's/+/%2B/g')"
TMP=$(mktemp -d -t k3s-install.XXXXXXXXXX)
trap 'code=$?; rm -rf "$TMP"; exit $code' EXIT

if [ "$INSTALL_K3S_SKIP_DOWNLOAD" = true ] || [ "$INSTALL_K3S_SKIP_DOWNLOAD" = binary ]; then
  info 'Skipping k3s download and verify'
  [ -x "$BIN_DIR/k3s" ] || fatal "Executable k3s binary not found at $BIN_DIR/k3s"
else
  info "Downloading hash $URL/sha256sum-$ARCH.txt"
  curl -o "$TMP/hash" -sfL "$URL/sha256sum-$ARCH.txt" || fatal 'Download failed'
  WANTED=$(grep " k3s$SUFFIX$" "$TMP/hash" | cut -d ' ' -f 1)
  [ -n "$WANTED" ] || fatal "There is no release $VERSION"
  HAVE=
  if [ -x "$BIN_DIR/k3s" ]; then HAVE=$(sha256sum "$BIN_DIR/k3s" | cut -d ' ' -f 1); fi
  if [ "$HAVE" = "$WANTED" ]; then
    info 'Skipping binary downloaded, installed k3s matches hash'
  else
    info "Downloading binary $URL/k3s$SUFFIX"
    curl -o "$TMP/k3s" -sfL "$URL/k3s$SUFFIX" || fatal 'Download failed'
    info 'Verifying binary download'
    GOT=$(sha256sum "$TMP/k3s" | cut -d ' ' -f 1)
    [ "$GOT" = "$WANTED" ] || fatal "Download sha256 does not match $WANTED, got $GOT"
    info "Installing k3s to $BIN_DIR/k3s"
    chmod 755 "$TMP/k3s"
    mv -f "$TMP/k3s" "$BIN_DIR/k3s"
  fi
fi

for name in kubectl crictl ctr; do
  if [ ! -e "$BIN_DIR/$name" ] || [ "$INSTALL_K3S_SYMLINK" = force ]; then
    info "Creating $BIN_DIR/$name symlink to k3s"
    ln -sf k3s "$BIN_DIR/$name"
  fi
done

info "Creating killall script $BIN_DIR/k3s-killall.sh"
cat >"$BIN_DIR/k3s-killall.sh" <<'KILLALL'
#!/bin/sh
for service in /etc/systemd/system/k3s*.service; do
  [ -e "$service" ] && systemctl stop "$(basename "$service")"
done
tree() {
  for child in $(pgrep -P "$1"); do tree "$child"; done
  echo "$1"
}
for shim in $(pgrep -f containerd-shim); do
  for pid in $(tree "$shim"); do kill -9 "$pid" 2>/dev/null || true; done
done
unmount_all() {
  while read -r _ path _; do
    case "$path" in "$1"*) echo "$path" ;; esac
  done </proc/self/mounts | sort -r | while read -r path; do umount -f "$path" && rm -rf "$path"; done
}
unmount_all /run/k3s
unmount_all /var/lib/kubelet/pods
unmount_all /var/lib/kubelet/plugins
unmount_all /run/netns/cni-
ip link delete cni0 2>/dev/null
ip link delete flannel.1 2>/dev/null
rm -rf /var/lib/cni/
iptables-save | grep -v KUBE- | grep -v CNI- | iptables-restore
exit 0
KILLALL
chmod 755 "$BIN_DIR/k3s-killall.sh"

info "Creating uninstall script $BIN_DIR/k3s-uninstall.sh"
cat >"$BIN_DIR/k3s-uninstall.sh" <<'UNINSTALL'
#!/bin/sh
/usr/local/bin/k3s-killall.sh
systemctl disable k3s
rm -f /etc/systemd/system/k3s.service /etc/systemd/system/k3s.service.env
systemctl daemon-reload
rm -rf /etc/rancher/k3s /run/k3s /var/lib/rancher/k3s /var/lib/kubelet
rm -f /usr/local/bin/k3s /usr/local/bin/kubectl /usr/local/bin/crictl /usr/local/bin/ctr /usr/local/bin/k3s-killall.sh /usr/local/bin/k3s-uninstall.sh
UNINSTALL
chmod 755 "$BIN_DIR/k3s-uninstall.sh"

info "env: Creating environment file $SYSTEMD_DIR/k3s.service.env"
env | grep -E '^(K3S|CONTAINERD)_|^(NO|HTTP|HTTPS)_PROXY=' >"$SYSTEMD_DIR/k3s.service.env" || true
chmod 600 "$SYSTEMD_DIR/k3s.service.env"

COMMAND=server
case "$INSTALL_K3S_EXEC" in
  server*|agent*) COMMAND= ;;
esac
info "systemd: Creating service file $SYSTEMD_DIR/k3s.service"
cat >"$SYSTEMD_DIR/k3s.service" <<UNIT
[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=notify
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-$SYSTEMD_DIR/k3s.service.env
KillMode=process
Delegate=yes
User=root
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$BIN_DIR/k3s $COMMAND $INSTALL_K3S_EXEC
UNIT
chmod 644 "$SYSTEMD_DIR/k3s.service"

if [ "$INSTALL_K3S_SKIP_ENABLE" = true ]; then exit 0; fi
info 'systemd: Enabling k3s unit'
systemctl enable "$SYSTEMD_DIR/k3s.service" >/dev/null
systemctl daemon-reload >/dev/null
if [ "$INSTALL_K3S_SKIP_START" = true ]; then exit 0; fi
info 'systemd: Starting k3s'
systemctl restart k3s
`
