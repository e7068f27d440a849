import { basicPrograms } from '../../../../src/lab/machines/sim/commands/index.ts'
import { newNode } from '../../../../src/lab/machines/sim/fs/node.ts'
import { Tree } from '../../../../src/lab/machines/sim/fs/tree.ts'
import { Vfs } from '../../../../src/lab/machines/sim/fs/vfs.ts'
import { writeImage } from '../../../../src/lab/machines/sim/image/system-image.ts'
import { runShell } from '../../../../src/lab/machines/sim/shell/exec.ts'
import type { Host } from '../../../../src/lab/machines/sim/shell/host.ts'
import { ProcessTable } from '../../../../src/lab/machines/sim/shell/process.ts'
import {
  nullChannel,
  OpenFile,
  sinkChannel,
  textChannel,
} from '../../../../src/lab/machines/sim/shell/streams.ts'

/** A host without systemd, K3s or network: files, processes and a clock that stands still until someone sleeps. */
export function bareHost(): Host {
  let now = Date.UTC(2026, 10, 23, 12)
  const clock = {
    speed: 0,
    now: () => now,
    async sleep(ms: number, signal?: AbortSignal) {
      signal?.throwIfAborted()
      const until = now + ms
      await new Promise(resolve => setImmediate(resolve))
      signal?.throwIfAborted()
      now = Math.max(now, until)
    },
  }
  const vfs = new Vfs(new Tree({ type: 'ext4', source: '/dev/sda1' }), () => now)
  const programs = new Map(Object.entries(basicPrograms))
  writeImage(vfs, { image: 'ubuntu-24.04', programs: programs.keys() })
  const dev = vfs.find('/dev').node
  for (const name of ['null', 'zero', 'tty', 'urandom'])
    dev.children?.set(name, newNode('char', now, { device: name, mode: 0o666 }))
  return { vfs, clock, processes: new ProcessTable(() => now), programs, hostname: () => 'bare' }
}

/** Runs a text as `bash -c` would and collects what it prints. */
export async function sh(
  host: Host,
  text: string,
  input?: string,
  args: string[] = [],
): Promise<{ out: string; err: string; code: number }> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  const closed: Promise<void>[] = []
  const collect = (into: Buffer[]) => {
    let close: () => void = () => undefined
    closed.push(
      new Promise(resolve => {
        close = resolve
      }),
    )
    return new OpenFile({ ...sinkChannel(data => void into.push(data)), close })
  }
  const [stdout, stderr] = [collect(out), collect(err)]
  const code = await runShell(host, text, {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
    cwd: '/root',
    args,
    commandString: true,
    fds: new Map([
      [0, new OpenFile(input === undefined ? nullChannel : textChannel(input))],
      [1, stdout],
      [2, stderr],
    ]),
  })
  stdout.release()
  stderr.release()
  await Promise.all(closed)
  return { out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8'), code }
}
