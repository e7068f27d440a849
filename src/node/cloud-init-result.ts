/** What cloud-init says of itself. `module`: the first that failed, where it names one. */
export type CloudInit = { status: string; errors: string[]; module?: string }

type Json = Record<string, unknown>

/**
 * Whether cloud-init will do nothing more: it writes its result at the very end, and not at all when it is disabled or
 * missing. Its status alone does not say so: it is "error" as soon as one module failed, while others still run
 * (read in cloudinit/cmd/status.py of 22.4).
 */
export function hasEnded({ result = '', installed, status = '' }: Record<string, string>): boolean {
  return result.trim() !== '' || installed?.trim() === '' || /"status": ?"disabled"/.test(status)
}

/** @param warnings lines of its log; they name the module where the result does not */
export function cloudInitOf(
  status: Json | undefined,
  result: Json | undefined,
  warnings = '',
): CloudInit | undefined {
  if (status === undefined && result === undefined) return undefined
  const v1 = result?.v1 as Json | undefined
  const errors = [
    ...new Set([
      ...texts(status?.errors),
      ...texts(v1?.errors),
      ...recoverable(status?.recoverable_errors),
      ...recoverable(v1?.recoverable_errors),
    ]),
  ]
  const module = [...errors, ...warnings.split('\n')].map(moduleOf).find(name => name !== undefined)
  const name = typeof status?.status === 'string' ? status.status : 'unknown'
  return { status: name, errors, ...(module === undefined ? {} : { module }) }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Since 23.4: lists of messages by level. */
function recoverable(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

/** "('scripts_user', RuntimeError(…))" in the result, "Running module write-files (…) failed" in the log. */
function moduleOf(error: string): string | undefined {
  return /^\('([\w-]+)'/.exec(error)?.[1] ?? /\bmodule ([\w-]+)\b.* failed/i.exec(error)?.[1]
}
