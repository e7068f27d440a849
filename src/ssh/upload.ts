import type { Line } from './channel.ts'
import { mustSucceed, quote } from './errors.ts'
import { run } from './run.ts'

/**
 * Writes a file on the server, whole or not at all: a broken line leaves the old one in place.
 * Needs no SFTP. @param mode as for chmod, `0o600`; the folder must exist.
 * @throws RemoteCommandError when the server could not write it.
 */
export async function upload(
  line: Line,
  path: string,
  content: string | Buffer,
  mode: number,
  signal?: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(content)
  const target = quote(path)
  const draft = quote(`${path}.upload`)
  const command = [
    `umask 077`,
    `cat > ${draft}`,
    `test "$(wc -c < ${draft})" -eq ${bytes.length}`,
    `chmod ${mode.toString(8).padStart(4, '0')} ${draft}`,
    `mv -f ${draft} ${target}`,
  ].join(' && ')
  mustSucceed(await run(line, command, { stdin: bytes, signal }))
}
