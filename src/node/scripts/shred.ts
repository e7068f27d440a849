import { paths } from '../paths.ts'
import { shellQuote } from '../shell-quote.ts'

/** A file of K3s's deploy folder and an object it makes: when the object is in the cluster, the file can go. */
export type SecretManifest = { file: string; kind: string; namespace: string; name: string }

/**
 * Bash: secrets leave the disk once K3s has their objects, from its deploy folder and from cloud-init's copies.
 * cloud-init writes its copies anew at each boot from the pickled data source, so the user data is taken out of that,
 * too; the data source itself stays, or cloud-init would fetch everything again. After `cloud-init clean` it does,
 * and everything is there again for the first boot that follows.
 */
export function shredding(secrets: readonly SecretManifest[]): string {
  const files = [...new Set(secrets.map(({ file }) => `${paths.manifests}/${file}`))]
  const waits = secrets.map(({ file, kind, namespace, name }) =>
    ['  wait_for', ...[`${paths.manifests}/${file}`, kind, namespace, name].map(shellQuote)].join(' '),
  )
  return `secret_files='${files.join(' ')}'

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
${waits.join('\n')}
  # The datastore answers before its last writes are safe; after a power cut the manifests would be missed.
  sync
  for file in $secret_files /var/lib/cloud/instance/user-data.txt /var/lib/cloud/instance/user-data.txt.i \\
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
`
}
