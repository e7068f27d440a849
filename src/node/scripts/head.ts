import { paths, volumeDevice } from '../paths.ts'

/** First lines of both scripts: strict mode, a known environment, and where things lie. */
export function scriptHead(about: string, volumeId: number): string {
  return `#!/bin/bash
# ${about}
set -euo pipefail
export LC_ALL=C HOME=/root
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

device=${volumeDevice(volumeId)}
report=${paths.report}
`
}
