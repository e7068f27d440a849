import { gunzipSync } from 'node:zlib'

export type Part = { kind: 'cloud-config' | 'script' | 'unknown'; name: string; text: string }

const isGzip = (data: Buffer) => data[0] === 0x1f && data[1] === 0x8b

/** What the Hetzner datasource and cloud-init make of the bytes: plain, base64, gzip or base64 of gzip. */
export function decodeUserData(userData: string): string {
  let data = Buffer.from(userData, 'utf8')
  const compact = userData.replace(/\s/g, '')
  if (compact !== '' && compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact))
    data = Buffer.from(compact, 'base64')
  if (isGzip(data)) data = gunzipSync(data)
  return data.toString('utf8')
}

function kindOf(text: string, type?: string): Part['kind'] {
  if (type === 'text/cloud-config' || /^#cloud-config\b/.test(text)) return 'cloud-config'
  if (type === 'text/x-shellscript' || text.startsWith('#!')) return 'script'
  return 'unknown'
}

/** The parts of user data: one, or those of a MIME multipart message. */
export function userDataParts(userData: string | null): Part[] {
  if (userData === null || userData.trim() === '') return []
  const text = decodeUserData(userData)
  const boundary = /^content-type:\s*multipart\/[^\n]*boundary="?([^"\n;]+)"?/im.exec(text)?.[1]
  if (!boundary) return [{ kind: kindOf(text), name: 'part-001', text }]
  return text
    .split(`--${boundary}`)
    .slice(1)
    .filter(part => !part.startsWith('--'))
    .map((part, index) => {
      const at = part.search(/\r?\n\r?\n/)
      const head = part.slice(0, at)
      const raw = part.slice(at).replace(/^\r?\n\r?\n/, '')
      const body = /content-transfer-encoding:\s*base64/i.test(head)
        ? Buffer.from(raw, 'base64').toString('utf8')
        : raw
      const type = /content-type:\s*([\w/-]+)/i.exec(head)?.[1]
      return {
        kind: kindOf(body, type),
        name: /filename="?([^"\n]+)"?/i.exec(head)?.[1] ?? `part-${String(index + 1).padStart(3, '0')}`,
        text: body,
      }
    })
}
