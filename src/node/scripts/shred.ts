import { paths } from '../paths.ts'

/**
 * Bash: secrets leave the disk once K3s has their objects, from its deploy folder and from cloud-init's copies.
 * cloud-init writes its copies anew at each boot from the pickled data source, so the user data is taken out of that,
 * too; the data source itself stays, or cloud-init would fetch everything again. After `cloud-init clean` it does,
 * and everything is there again for the first boot that follows.
 */
export const shredding = `secret_manifests() {
  if [ -f ${paths.secretManifests} ]; then sed 's|^|${paths.manifests}/|' ${paths.secretManifests}; fi
}

wait_until_applied() {
  local attempt
  for attempt in $(seq 150); do
    if k3s kubectl --request-timeout=10s get -f "$1" >/dev/null 2>&1; then return 0; fi
    if [ "$attempt" -eq 1 ]; then echo "Waiting for K3s to apply $1."; fi
    sleep 2
  done
  k3s kubectl --request-timeout=10s get -f "$1" >/dev/null || true
  fail "K3s has not applied $1."
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
  for file in $(secret_manifests); do
    if [ -f "$file" ]; then
      wait_until_applied "$file"
      shred -u "$file"
    fi
  done
  for file in /var/lib/cloud/instance/user-data.txt /var/lib/cloud/instance/user-data.txt.i \\
    /var/lib/cloud/instance/cloud-config.txt; do
    if [ -f "$file" ]; then shred -u "$file"; fi
  done
  if [ -f /var/lib/cloud/instance/obj.pkl ]; then
    empty_data_source /var/lib/cloud/instance/obj.pkl || echo 'The user data is still in /var/lib/cloud/instance/obj.pkl.'
  fi
}

has_secrets() {
  local file
  for file in $(secret_manifests) /var/lib/cloud/instance/user-data.txt; do
    if [ -s "$file" ]; then return 0; fi
  done
  return 1
}
`
