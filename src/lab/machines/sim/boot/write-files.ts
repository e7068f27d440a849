import { gunzipSync } from 'node:zlib'
import { owners } from '../commands/accounts.ts'
import type { Vfs } from '../fs/vfs.ts'
import { isRecord, listOf, textOf } from './cloud-config.ts'

const encodings: Record<string, readonly ('b64' | 'gz')[]> = {
  gz: ['gz'],
  gzip: ['gz'],
  'gz+base64': ['b64', 'gz'],
  'gzip+base64': ['b64', 'gz'],
  'gz+b64': ['b64', 'gz'],
  'gzip+b64': ['b64', 'gz'],
  b64: ['b64'],
  base64: ['b64'],
  'text/plain': [],
  '': [],
}

function decode(content: string, encoding: string): Buffer | undefined {
  const steps = encodings[encoding.toLowerCase().trim()]
  if (!steps) return undefined
  let data = Buffer.from(content, 'utf8')
  for (const step of steps)
    data = step === 'b64' ? Buffer.from(data.toString('utf8'), 'base64') : gunzipSync(data)
  return data
}

/**
 * cc_write_files: one entry after the other, folders made as needed, default mode 0644 and owner root:root.
 * Gives what cloud-init would log as warnings; a bad gzip throws and fails the module.
 */
export function writeFiles(vfs: Vfs, value: unknown, deferred: boolean): string[] {
  const warnings: string[] = []
  for (const [index, entry] of listOf(value).entries()) {
    if (!isRecord(entry) || (entry.defer === true) !== deferred) continue
    const path = textOf(entry.path)
    if (path === '') {
      warnings.push(`No path provided to write for entry ${index + 1} in module write_files`)
      continue
    }
    const encoding = textOf(entry.encoding)
    const data = decode(textOf(entry.content), encoding)
    if (!data) warnings.push(`Unknown encoding type ${encoding}, assuming text/plain`)
    const mode =
      typeof entry.permissions === 'number'
        ? entry.permissions
        : Number.parseInt(textOf(entry.permissions).replace(/^0o/, ''), 8)
    vfs.mkdirs(path.slice(0, path.lastIndexOf('/')) || '/')
    const node = vfs.writeFile(path, data ?? textOf(entry.content), { append: entry.append === true })
    node.mode = Number.isNaN(mode) ? 0o644 : mode
    const ids = owners(vfs, textOf(entry.owner) || 'root:root')
    if (typeof ids === 'string')
      throw new Error(`Unknown user or group: "getpwnam(): name not found: '${textOf(entry.owner)}'"`)
    Object.assign(node, { uid: 0, gid: 0 }, ids)
  }
  return warnings
}
