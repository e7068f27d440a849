import type { Guest } from '../guest.ts'
import { generateHostKey } from '../ssh/host-key.ts'
import { type CloudConfig, isRecord, listOf, textOf } from './cloud-config.ts'

const lockedPrefix = (user: string) =>
  `no-port-forwarding,no-agent-forwarding,no-X11-forwarding,command="echo 'Please login as the user \\"${user}\\" rather than the user \\"root\\".';echo;sleep 10;exit 142" `

function authorize(guest: Guest, home: string, keys: string[], prefix = ''): void {
  if (keys.length === 0) return
  const { vfs } = guest
  vfs.mkdirs(`${home}/.ssh`, '/', 0o700)
  const path = `${home}/.ssh/authorized_keys`
  const old = vfs.exists(path) ? vfs.readText(path) : ''
  vfs.writeFile(path, old + keys.map(key => `${prefix}${key.trim()}\n`).join('')).mode = 0o600
}

/** cc_users_groups: further accounts with their keys. */
export function usersModule(guest: Guest, config: CloudConfig): string {
  let first = 'root'
  for (const user of listOf(config.users)) {
    if (!isRecord(user)) continue
    const name = textOf(user.name)
    if (name === '') continue
    if (first === 'root') first = name
    const home = textOf(user.homedir) || (name === 'root' ? '/root' : `/home/${name}`)
    guest.vfs.mkdirs(home)
    if (name !== 'root') {
      const id =
        1000 +
        guest.vfs
          .readText('/etc/passwd')
          .split('\n')
          .filter(line => line.includes(':/home/')).length
      guest.vfs.writeFile(
        '/etc/passwd',
        `${name}:x:${id}:${id}::${home}:${textOf(user.shell) || '/bin/bash'}\n`,
        { append: true },
      )
      guest.vfs.writeFile('/etc/group', `${name}:x:${id}:\n`, { append: true })
    }
    authorize(guest, home, listOf(user.ssh_authorized_keys ?? user['ssh-authorized-keys']).map(textOf))
  }
  return first
}

/** cc_ssh: host keys (given ones replace all), then the keys that may log in as root. */
export function sshModule(guest: Guest, config: CloudConfig, firstUser: string): void {
  const { vfs } = guest
  const folder = '/etc/ssh'
  if (config.ssh_deletekeys !== false)
    for (const name of vfs.readDir(folder)) if (/^ssh_host_.*key/.test(name)) vfs.unlink(`${folder}/${name}`)
  const given = isRecord(config.ssh_keys) ? config.ssh_keys : undefined
  if (given) {
    for (const [name, value] of Object.entries(given)) {
      const found = /^(\w+)_(private|public|certificate)$/.exec(name)
      if (!found) continue
      const suffix = found[2] === 'public' ? '.pub' : found[2] === 'certificate' ? '-cert.pub' : ''
      const path = `${folder}/ssh_host_${found[1]}_key${suffix}`
      vfs.writeFile(path, textOf(value)).mode = found[2] === 'private' ? 0o600 : 0o644
    }
  } else if (!vfs.exists(`${folder}/ssh_host_ed25519_key`)) {
    const pair = generateHostKey(guest.hostname())
    vfs.writeFile(`${folder}/ssh_host_ed25519_key`, pair.private).mode = 0o600
    vfs.writeFile(`${folder}/ssh_host_ed25519_key.pub`, pair.public)
  }
  const keys = [...listOf(config.ssh_authorized_keys).map(textOf), ...guest.spec.publicKeys]
  const locked = config.disable_root === true && firstUser !== 'root'
  if (firstUser !== 'root') authorize(guest, `/home/${firstUser}`, keys)
  authorize(guest, '/root', keys, locked ? lockedPrefix(firstUser) : '')
}
