/** Bash: trying again, and starting a unit in a way that shows why it did not start. */
export const retrying = `# retry ATTEMPTS COMMAND...: with growing pauses; the status of the last attempt.
retry() {
  local attempts=$1 attempt status=0
  shift
  for attempt in $(seq "$attempts"); do
    if "$@"; then return 0; else status=$?; fi
    if [ "$attempt" -lt "$attempts" ]; then
      echo "Attempt $attempt of $attempts failed; the next one in $((attempt * 5)) seconds."
      sleep $((attempt * 5))
    fi
  done
  return "$status"
}

start_unit() {
  local status=0
  timeout 900 systemctl start "$1" || status=$?
  if [ "$status" -ne 0 ]; then
    echo "$1 did not start. Its last lines:"
    journalctl --no-pager -o cat -n 20 -u "$1" || true
  fi
  return "$status"
}
`
