import type { Vfs } from '../fs/vfs.ts'
import { matches } from '../shell/pattern.ts'

export type SshdConfig = { port: number; permitRoot: boolean; hostKeys: string[] }

/** sshd_config with its includes; the first value of a keyword wins, Match blocks are left out. */
export function readSshdConfig(vfs: Vfs): SshdConfig {
  const values = new Map<string, string>()
  const hostKeys: string[] = []
  const read = (path: string): void => {
    if (!vfs.exists(path)) return
    for (const raw of vfs.readText(path).split('\n')) {
      const [keyword = '', ...rest] = raw.trim().split(/[\s=]+/)
      const value = rest.join(' ')
      const key = keyword.toLowerCase()
      if (key === 'match') return
      if (key === 'include') {
        const folder = value.slice(0, value.lastIndexOf('/'))
        if (vfs.exists(folder))
          for (const name of vfs.readDir(folder))
            if (matches(value.slice(folder.length + 1), name)) read(`${folder}/${name}`)
      } else if (key === 'hostkey') hostKeys.push(value)
      else if (key !== '' && !key.startsWith('#') && !values.has(key)) values.set(key, value)
    }
  }
  read('/etc/ssh/sshd_config')
  const port = Number(values.get('port') ?? 22)
  const permit = (values.get('permitrootlogin') ?? 'prohibit-password').toLowerCase()
  const defaults = ['ed25519', 'ecdsa', 'rsa'].map(type => `/etc/ssh/ssh_host_${type}_key`)
  return { port, permitRoot: permit !== 'no', hostKeys: hostKeys.length > 0 ? hostKeys : defaults }
}
