/** A fault as the lab tells it. */
export type FaultRow = {
  id: number
  kind: string
  on?: string
  skip: number
  times: number | null
  struck: number
  code?: string
  mode?: string
  delayMs?: number
  factor?: number
}

/** `Fault 3 (api POST /servers) strikes once, after 1 that pass: resource_unavailable` */
export function faultLine(fault: FaultRow): string {
  const { id, kind, on = 'any', skip, times } = fault
  const often = times === null ? 'until it is cleared' : times === 1 ? 'once' : `${times} times`
  const passing = skip > 0 ? `, after ${skip} that pass` : ''
  return `Fault ${id} (${kind} ${on}) strikes ${often}${passing}: ${howOf(fault)}`
}

/** What goes wrong, in a word or two. */
export function howOf({ kind, code, mode, delayMs, factor }: FaultRow): string {
  const words = [
    mode === 'error' ? undefined : mode,
    code,
    delayMs === undefined ? undefined : `${delayMs} ms later`,
    factor === undefined ? undefined : `${factor} times as long`,
  ].filter(word => word !== undefined)
  return words.length === 0 ? usual[kind as keyof typeof usual] : words.join(', ')
}

const usual = {
  api: 'server_error',
  action: 'action_failed',
  ssh: 'refuse',
  boot: 'hang',
  slow: 'slow',
  stock: 'sold out',
} as const
