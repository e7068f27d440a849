import type { Vfs } from '../fs/vfs.ts'
import { installPrograms } from './programs.ts'

/** What the images of the lab call themselves in os-release; a name not listed is taken apart at its dash. */
const releases: Record<string, string> = {
  'ubuntu-24.04':
    'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n',
  'ubuntu-22.04':
    'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\n',
  'debian-12':
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
  'debian-13':
    'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian\n',
}

/** The text of /etc/os-release for an image. */
export function osRelease(image: string): string {
  const known = releases[image]
  if (known) return known
  const [id = 'linux', version = ''] = image.split('-')
  return `PRETTY_NAME="${id} ${version}"\nNAME="${id}"\nVERSION_ID="${version}"\nID=${id}\n`
}

const passwd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
sshd:x:109:65534::/run/sshd:/usr/sbin/nologin
`

const group = `root:x:0:
daemon:x:1:
adm:x:4:syslog
sudo:x:27:
www-data:x:33:
shadow:x:42:
users:x:100:
nogroup:x:65534:
`

/** Writes a fresh server image onto an empty disk: folders, accounts, programs, the Hetzner parts. */
export function writeImage(vfs: Vfs, options: { image: string; programs: Iterable<string> }): void {
  for (const folder of [
    '/root',
    '/etc',
    '/tmp',
    '/var/tmp',
    '/var/log',
    '/var/lib/cloud',
    '/run',
    '/dev',
    '/proc',
    '/sys',
    '/mnt',
    '/media',
    '/opt',
    '/srv',
    '/home',
    '/boot',
    '/var/cache',
    '/var/spool',
    '/usr/share',
    '/usr/lib/systemd/system',
    '/etc/systemd/system',
    '/etc/systemd/logind.conf.d',
    '/etc/ssh/sshd_config.d',
    '/etc/udev/rules.d',
    '/etc/sysctl.d',
    '/etc/modules-load.d',
    '/etc/cloud/cloud.cfg.d',
    '/etc/profile.d',
    '/etc/apt/apt.conf.d',
    '/etc/default',
  ]) {
    vfs.mkdirs(folder)
  }
  vfs.find('/root').node.mode = 0o700
  vfs.find('/tmp').node.mode = 0o1777
  vfs.find('/var/tmp').node.mode = 0o1777
  installPrograms(vfs, options.programs)
  const text: Record<string, string> = {
    '/etc/os-release': osRelease(options.image),
    '/etc/passwd': passwd,
    '/etc/group': group,
    '/etc/hostname': 'localhost\n',
    '/etc/hosts': '127.0.0.1 localhost\n::1 localhost ip6-localhost\n',
    '/etc/resolv.conf': 'nameserver 185.12.64.1\nnameserver 185.12.64.2\n',
    '/etc/fstab':
      '# <file system> <mount point> <type> <options> <dump> <pass>\n/dev/sda1 / ext4 discard,errors=remount-ro 0 1\n',
    '/etc/machine-id': '',
    '/etc/ssh/sshd_config':
      'Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\nPrintMotd no\nSubsystem sftp /usr/lib/openssh/sftp-server\n',
    '/etc/cloud/cloud.cfg.d/90-hetzner.cfg': 'datasource_list: [ Hetzner, None ]\ndisable_root: false\n',
    '/etc/default/grub': '',
    '/etc/timezone': 'Etc/UTC\n',
  }
  for (const [path, content] of Object.entries(text)) vfs.writeFile(path, content)
}
