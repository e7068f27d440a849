import { paths } from '../paths.ts'

/**
 * Bash: the first boot's own report. cloud-init calls a boot "done" when a command in the middle failed
 * (facts/vm-lab.md §5), so the script writes down the step it is in, and on any exit but a good one the exit code and
 * the last lines of its log. The report is one line of JSON with "state" first, replaced in one piece.
 */
export const reporting = `log=${paths.firstBootLog}
unfinished=${paths.unfinished}
current_step=Begin

# Lines of the log as JSON strings, joined by commas.
last_lines() {
  tail -n 20 "$log" | tr '\\t' ' ' | tr -d '\\000-\\011\\013-\\037\\177' |
    sed -e 's/\\\\/\\\\\\\\/g' -e 's/"/\\\\"/g' -e 's/.*/"&"/' | paste -s -d ,
}

# write_report STATE EXIT-CODE
write_report() {
  local lines=''
  if [ "$1" = failed ]; then lines=$(last_lines); fi
  printf '{"state":"%s","step":"%s","exitCode":%s,"at":"%s","lastLines":[%s]}\\n' \\
    "$1" "$current_step" "$2" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$lines" >"$report.new"
  mv "$report.new" "$report"
}

step() {
  current_step=$1
  echo "== $1"
  write_report running null
}

finish() {
  local code=$?
  trap - EXIT
  if [ "$code" -ne 0 ]; then
    echo "Step '$current_step' failed with exit code $code."
    write_report failed "$code"
  fi
  exit "$code"
}
`
