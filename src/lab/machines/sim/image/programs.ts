import { newNode } from '../fs/node.ts'
import type { Vfs } from '../fs/vfs.ts'
import { programMark } from '../shell/exec.ts'

const sbin = new Set([
  'blkid',
  'fsck',
  'e2fsck',
  'fsck.ext4',
  'mkfs.ext4',
  'mke2fs',
  'mkfs',
  'resize2fs',
  'dumpe2fs',
  'tune2fs',
  'iptables',
  'iptables-save',
  'iptables-restore',
  'ip6tables',
  'ip6tables-save',
  'ip6tables-restore',
  'sysctl',
  'swapoff',
  'shutdown',
  'poweroff',
  'reboot',
  'halt',
  'modprobe',
  'blockdev',
  'sshd',
  'ip',
  'useradd',
  'ufw',
  'nft',
])

/** Content of an executable that stands for a program of this simulation. */
export function programFile(name: string, note = ''): Buffer {
  return Buffer.from(`${programMark}${name} ${note}\n`)
}

/** Puts the programs of a stock server image on its disk. `/bin` and `/sbin` are links, as in a merged-usr system. */
export function installPrograms(vfs: Vfs, names: Iterable<string>): void {
  for (const folder of ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/lib'])
    vfs.mkdirs(folder)
  for (const name of names) {
    const path = `/usr/${sbin.has(name) ? 'sbin' : 'bin'}/${name}`
    const place = vfs.locate(path)
    if (!place.node) vfs.add(place, newNode('file', vfs.now(), { mode: 0o755, data: programFile(name) }))
  }
  for (const name of ['bin', 'sbin', 'lib'])
    if (!vfs.exists(`/${name}`)) vfs.symlink(`usr/${name}`, `/${name}`)
}
