import type { MachineFile } from './input.ts'

/** sshd: keys only, and our port. Sorts before the image's own drop-ins, of which the first value counts. */
export function sshFiles(port: number): MachineFile[] {
  const lines = [
    '# Written by cosmos.',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    // One key, the preset one: an upgrade of sshd may make others, and a client would be offered them.
    'HostKey /etc/ssh/ssh_host_ed25519_key',
  ]
  if (port !== 22) lines.push(`Port ${port}`)
  return [
    { path: '/etc/ssh/sshd_config.d/00-cosmos.conf', content: `${lines.join('\n')}\n`, permissions: '0600' },
  ]
}

/**
 * Makes another port effective before cloud-init lets anybody in. Ubuntu starts sshd by a socket unit that is generated
 * from sshd_config at daemon-reload; Debian starts it as a service, after cloud-init's network stage.
 */
export function sshCommands(port: number): string[][] {
  if (port === 22) return []
  return [
    [
      'sh',
      '-c',
      // A socket is not restarted while its service runs, and somebody may have knocked at port 22 already.
      'if systemctl is-active --quiet ssh.socket; then systemctl stop ssh.service; systemctl restart ssh.socket; else systemctl try-restart ssh.service; fi',
    ],
  ]
}
