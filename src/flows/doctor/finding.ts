/** What one look found. */
export type Finding = {
  /** What was looked at: "Git token". */
  what: string
  /** `unknown`: it could not be looked at, and the message says why. */
  state: 'ok' | 'warning' | 'failed' | 'unknown'
  message: string
  /** What to do about it. */
  hint?: string
}

export const ok = (what: string, message: string): Finding => ({ what, state: 'ok', message })
export const unknown = (what: string, message: string): Finding => ({ what, state: 'unknown', message })
export const failed = (what: string, message: string, hint: string): Finding => ({
  ...{ what, state: 'failed', message, hint },
})
export const warning = (what: string, message: string, hint: string): Finding => ({
  ...{ what, state: 'warning', message, hint },
})
