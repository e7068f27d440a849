import type { Document, LineCounter } from 'yaml'
import type { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import { knownKeys, placeOfKey } from './known-keys.ts'
import { positionOfKey, positionOfValue } from './positions.ts'
import type { Problem } from './problem.ts'
import { type Config, configSchema } from './schema.ts'
import { sentence } from './sentences.ts'

type Issue = z.core.$ZodIssue

/** Checks the value of a well-formed document against the schema; the document says where each part of it stands. */
export function validate(
  value: unknown,
  document: Document,
  lines: LineCounter,
): { config: Config } | { problems: Problem[] } {
  const result = configSchema.safeParse(value, { error: sentence })
  if (result.success) return { config: result.data }
  const unknown = result.error.issues.flatMap(issue => unknownKeys(issue, document, lines))
  const explained = new Set(unknown.map(each => each.meant))
  const others = result.error.issues
    .filter(issue => issue.code !== 'unrecognized_keys' && !explained.has(name(issue.path)))
    .map(issue => wrongValue(issue, document, lines))
  return { problems: [...unknown, ...others] }
}

function unknownKeys(issue: Issue, document: Document, lines: LineCounter): (Problem & { meant: string })[] {
  if (issue.code !== 'unrecognized_keys') return []
  const known = knownKeys(issue.path)
  return issue.keys.map(key => {
    const path = [...issue.path, key]
    const near = didYouMean(key, known)
    const meant = near === undefined ? placeOfKey(key) : name([...issue.path, near])
    const advice = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`
    return {
      ...positionOfKey(document, lines, path),
      message: `unknown key "${name(path)}"; ${advice}`,
      meant: meant ?? '',
    }
  })
}

function wrongValue(issue: Issue, document: Document, lines: LineCounter): Problem {
  const subject = issue.path.length === 0 ? 'the file' : `"${name(issue.path)}"`
  return { ...positionOfValue(document, lines, issue.path), message: `${subject} ${issue.message}` }
}

/** `network.allow[0]`; a key too long to be a slip of the finger is cut, because it may be a pasted secret. */
function name(path: readonly PropertyKey[]): string {
  const parts = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${short(String(key))}`))
  return parts.join('').replace(/^\./, '')
}

function short(key: string): string {
  return key.length > 40 ? `${key.slice(0, 8)}…` : key
}
