import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type HcloudContext = { name: string; token: string }

/**
 * The active context of the `hcloud` CLI, or undefined when there is none. Read from the file that HCLOUD_CONFIG names,
 * else from `~/.config/hcloud/cli.toml`; HCLOUD_CONTEXT names another context, as it does for hcloud.
 */
export async function activeHcloudContext(
  env: Readonly<Record<string, string | undefined>>,
): Promise<HcloudContext | undefined> {
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config')
  const path = env.HCLOUD_CONFIG || join(config, 'hcloud', 'cli.toml')
  const text = await readFile(path, 'utf8').catch(() => '')
  return contextIn(text, env.HCLOUD_CONTEXT || undefined)
}

/**
 * What of TOML the file is made of: `key = "value"` lines below `[[contexts]]` headers. A person who keeps
 * more in it keeps it in other tables, which are passed over.
 */
export function contextIn(toml: string, wanted?: string): HcloudContext | undefined {
  const contexts: Partial<HcloudContext>[] = []
  let active = wanted
  let table: 'root' | 'context' | 'other' = 'root'
  for (const line of toml.split('\n')) {
    const header = /^\s*(\[\[?)\s*([\w.]+)\s*\]/.exec(line)
    if (header !== null) {
      table = header[1] === '[[' && header[2] === 'contexts' ? 'context' : 'other'
      if (table === 'context') contexts.push({})
      continue
    }
    const pair = /^\s*(\w+)\s*=\s*(?:"([^"\\]*)"|'([^']*)')/.exec(line)
    const value = pair?.[2] ?? pair?.[3]
    if (pair === null || value === undefined) continue
    if (table === 'root' && pair[1] === 'active_context') active ??= value
    const context = contexts.at(-1)
    if (table === 'context' && context && (pair[1] === 'name' || pair[1] === 'token'))
      context[pair[1]] = value
  }
  const found = contexts.find(each => each.name === active && each.token)
  return found?.name && found.token ? { name: found.name, token: found.token } : undefined
}
