import type { Guest } from '../guest.ts'
import { generateHostKey } from '../ssh/host-key.ts'
import { freshCloudInit } from '../stored.ts'
import { CloudInit } from './cloud-init.ts'

const hostKeys = ['ed25519', 'ecdsa', 'rsa'].map(type => `/etc/ssh/ssh_host_${type}_key`)

/**
 * A boot in the order of a Hetzner server: kernel about 6 s, cloud-init's network stage, sshd about 12 s, then the rest.
 * @param isFirst a disk that cloud-init has not finished with
 * @returns false when it ended in emergency mode
 */
export async function bootSequence(guest: Guest, isFirst: boolean, signal: AbortSignal): Promise<boolean> {
  const { clock, systemd, vfs } = guest
  const pause = (ms: number) => clock.sleep(guest.vary(ms), signal)
  guest.console('SeaBIOS (version hetzner)\n\nBooting from Hard Disk...\n')
  await pause(3_000)
  const machine = guest.spec.architecture === 'arm' ? 'aarch64' : 'x86_64'
  guest.journal.write('kernel', 'kernel', `Linux version 6.8.0-71-generic (${machine})`)
  guest.console('[    0.000000] Linux version 6.8.0-71-generic\n')
  await pause(3_000)
  for (const device of guest.devices) device.visibleAtMs = Math.min(device.visibleAtMs, clock.now())
  guest.setHostname((vfs.exists('/etc/hostname') ? vfs.readText('/etc/hostname').trim() : '') || 'localhost')
  if (!(await basicSystem(guest))) return false
  const init = new CloudInit(guest)
  await pause(2_500)
  if (isFirst) await init.network()
  else {
    guest.cloudInit = {
      ...freshCloudInit(),
      status: 'running',
      stage: 'init',
      startedMs: clock.now(),
      detail: 'DataSourceHetzner',
    }
  }
  await pause(2_500)
  signal.throwIfAborted()
  ensureHostKey(guest)
  await systemd.start('ssh.service')
  guest.console(
    `[  OK  ] Started ssh.service - OpenBSD Secure Shell server.\n\n${guest.hostname()} login: \n`,
  )
  for (const name of systemd.wantedBy('multi-user.target')) void systemd.start(name)
  await pause(1_500)
  if (isFirst) await init.final()
  else init.finish()
  signal.throwIfAborted()
  return true
}

/** Units of the image and the mounts of fstab; one that may not fail stops the boot. */
async function basicSystem(guest: Guest): Promise<boolean> {
  const { systemd } = guest
  systemd.daemonReload()
  for (const name of systemd.native.keys()) {
    if (name.startsWith('ssh') || name.startsWith('cloud-')) continue
    systemd.set(name, 'active', name.endsWith('.target') ? 'active' : 'running')
  }
  for (const unit of systemd.mounts.values()) {
    if (unit.options.includes('noauto')) continue
    const job = systemd.start(unit.name)
    if (unit.options.includes('nofail') || (await job).code === 0) continue
    guest.console(`You are in emergency mode. Cannot mount ${unit.where}.\n`)
    return false
  }
  guest.console('[  OK  ] Reached target local-fs.target - Local File Systems.\n')
  return true
}

/** sshd's own unit makes a key where there is none. */
function ensureHostKey(guest: Guest): void {
  const { vfs } = guest
  if (hostKeys.some(path => vfs.exists(path))) return
  const pair = generateHostKey(guest.hostname())
  vfs.writeFile('/etc/ssh/ssh_host_ed25519_key', pair.private).mode = 0o600
  vfs.writeFile('/etc/ssh/ssh_host_ed25519_key.pub', pair.public)
}
