import { scriptHead } from './head.ts'
import { metadataBlock } from './metadata.ts'
import { type SecretManifest, shredding } from './shred.ts'
import { volumeMounting } from './volume.ts'

export type NodeScriptInput = {
  volumeId: number
  /** What is shredded once it has been applied. */
  secrets: readonly SecretManifest[]
}

/** `cosmos-node VERB`: what the units on the server, and cosmos over SSH, ask of it. */
export function nodeScript({ volumeId, secrets }: NodeScriptInput): string {
  return [
    scriptHead('Written by cosmos: cosmos-node VERB, what this machine can be asked to do.', volumeId),
    `fail() {\n  echo "$1" >&2\n  exit 1\n}\n`,
    volumeMounting,
    metadataBlock,
    shredding(secrets),
    verbs(volumeId),
  ].join('\n')
}

const verbs = (volumeId: number) => `# is COMMAND...: true or false, as JSON has it.
is() {
  if "$@" >/dev/null 2>&1; then echo true; else echo false; fi
}

status() {
  local first_boot=null
  if [ -f "$report" ]; then first_boot=$(cat "$report"); fi
  printf '{"version":1,"firstBoot":%s,"volume":{"id":${volumeId},"attached":%s,"mounted":%s},' \\
    "$first_boot" "$(is test -e "$device")" "$(is mountpoint -q /data)"
  printf '"k3s":{"installed":%s,"active":%s},"secretsOnDisk":%s}\\n' \\
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
`
