import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What the programs of the machine do by default; each call is written down first. Bash, with $root and the arguments. */
const programs: Record<string, string> = {
  systemctl: `case "$*" in
    'start cosmos-volume.service') [ -e "$root/no-mount" ] || touch "$root/mounted" ;;
    'is-active'*) exit 3 ;;
  esac`,
  mountpoint: '[ -e "$root/mounted" ]',
  mount: 'touch "$root/mounted"',
  findmnt: 'echo "$root/dev/disk/by-id/scsi-0HC_Volume_7"',
  udevadm: '',
  journalctl: "echo 'journal of the unit'",
  sleep: '',
  curl: 'while [ "$1" != -o ]; do shift; done; echo "installed by \\$*" >"$2"',
  sh: `mkdir -p "$root/etc/systemd/system"; touch "$root/etc/systemd/system/k3s.service"
    [ -n "\${INSTALL_K3S_SKIP_DOWNLOAD-}" ] || cp "$root/bin/k3s" "$root/usr/local/bin/k3s"`,
  k3s: 'if [ "$1" = --version ]; then [ -x "$root/usr/local/bin/k3s" ] && echo "k3s version v1.37.1+k3s1 (abc)"; fi',
  'cosmos-node': '',
  uname: 'echo x86_64',
  blkid: "printf 'DEVNAME=x\\nTYPE=ext4\\n'",
  e2fsck: '',
  resize2fs: '',
  'mkfs.ext4': '',
  install: 'for last; do :; done; if [ "$1" = -d ]; then exit 0; fi; cp "$3" "$last"',
  shred: 'rm "$2"',
  iptables: '[ "$4" != -C ]',
}

/**
 * A folder that stands for a machine: the scripts run in real bash, with the folders they name moved below it, and
 * programs that only write down how they were called.
 */
export class StandInMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'cosmos-machine-'))

  constructor() {
    for (const folder of [
      'var/log',
      'var/lib/cosmos',
      'var/lib/rancher/k3s/server',
      'usr/local/bin',
      'etc',
      'dev/disk/by-id',
      'data',
      'bin',
    ])
      mkdirSync(join(this.root, folder), { recursive: true })
    this.write('etc/fstab', '')
    for (const [name, does] of Object.entries(programs)) this.program(name, does)
  }

  /** Replaces a program. */
  program(name: string, does: string): void {
    const text = `#!/bin/bash\nroot='${this.root}'\necho "${name} $*" >>"$root/calls"\n${does}\n`
    writeFileSync(join(this.root, 'bin', name), text, { mode: 0o755 })
  }

  plugVolume(content = ''): void {
    this.write('dev/disk/by-id/scsi-0HC_Volume_7', content)
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  read(path: string): string {
    return existsSync(join(this.root, path)) ? readFileSync(join(this.root, path), 'utf8') : ''
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  /** The calls so far, with the folder taken out. */
  calls(): string[] {
    return this.read('calls').replaceAll(this.root, '').trimEnd().split('\n')
  }

  report(): { state: string; step: string; exitCode: number | null; lastLines: string[] } {
    return JSON.parse(this.read('var/lib/cosmos/first-boot.json'))
  }

  run(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const text = script
      .replace(/^export PATH=.*$/m, `export PATH=${this.root}/bin:/usr/bin:/bin`)
      .replace(/\/usr\/local\/sbin\//g, `${this.root}/bin/`)
      .replace(/(?<![\w.}/])\/(var|data|dev\/disk|etc|usr\/local)(?![\w])/g, `${this.root}/$1`)
    const { status, stdout, stderr } = spawnSync('bash', ['-s', ...args], { input: text, encoding: 'utf8' })
    return { status, stdout: stdout.replaceAll(this.root, ''), stderr: stderr.replaceAll(this.root, '') }
  }

  take(path: string): void {
    rmSync(join(this.root, path))
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
