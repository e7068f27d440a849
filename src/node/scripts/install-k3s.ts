/**
 * Bash: K3s at the wanted version, installed but not started. The binary is kept on the volume by version and
 * architecture, so that the next machine needs no download; a copy that does not match its checksum is not used.
 * Environment of the installer: facts/kubernetes.md A.1.
 */
export const k3sInstallation = `installer=/var/lib/cosmos/install-k3s.sh
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
`
