/** Hetzner's metadata service, which hands the user data, and so every secret in it, to whoever asks. */
const address = '169.254.169.254'
/** K3s's default cluster CIDR. */
const pods = '10.42.0.0/16'

/**
 * Bash: no pod reaches the metadata service. The raw table, because K3s and k3s-killall.sh only rewrite the others;
 * nft where there is no iptables. Pods on the host's network are not covered.
 */
export const metadataBlock = `close_metadata() {
  if command -v iptables >/dev/null; then
    iptables -w -t raw -C PREROUTING -s ${pods} -d ${address} -j DROP 2>/dev/null ||
      iptables -w -t raw -I PREROUTING -s ${pods} -d ${address} -j DROP
  elif command -v nft >/dev/null; then
    nft add table ip cosmos
    nft 'add chain ip cosmos prerouting { type filter hook prerouting priority -300 ; }'
    nft flush chain ip cosmos prerouting
    nft add rule ip cosmos prerouting ip saddr ${pods} ip daddr ${address} drop
  else
    fail 'There is neither iptables nor nft to close the metadata service with.'
  fi
}
`
