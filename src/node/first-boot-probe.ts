import { paths } from './paths.ts'
import { parseJson, parseSections, sectionsCommand } from './sections.ts'

export type FirstBoot = {
  /** `cloud-init`: our script has not begun. `failed` also when it never came to be. */
  state: 'cloud-init' | 'running' | 'waiting-for-volume' | 'done' | 'failed'
  /** Step of the script. */
  step?: string
  exitCode?: number
  /** What the log has gained since the offset. */
  log: string
  /** Bytes of the log seen so far. */
  nextOffset: number
  cloudInit?: { status: string; errors: string[]; module?: string }
  /** End of the log that tells why, when it failed. */
  lastLines: string[]
}

const tailLines = 20

/** One command that says how the first boot goes. @param logOffset bytes of the log that were seen already */
export function firstBootProbe(logOffset: number): string {
  return sectionsCommand({
    report: `cat ${paths.report}`,
    status: 'cloud-init status --format json',
    result: 'cat /run/cloud-init/result.json',
    log: `tail -c +${logOffset + 1} ${paths.firstBootLog} | base64 -w 0`,
    offset: `printf %s ${logOffset}`,
    tail: `tail -n ${tailLines} ${paths.firstBootLog}`,
    output: `tail -n ${tailLines} /var/log/cloud-init-output.log`,
    warnings: `grep -E 'WARNING|ERROR|Traceback|Unhandled' /var/log/cloud-init.log | tail -n ${tailLines}`,
  })
}

/** Reads the answer of `firstBootProbe`. */
export function parseFirstBootProbe(stdout: string): FirstBoot {
  const sections = parseSections(stdout)
  const report = parseJson(sections.report)
  const bytes = Buffer.from(sections.log ?? '', 'base64')
  const cloudInit = cloudInitOf(parseJson(sections.status), parseJson(sections.result))
  const state = stateOf(report, sections.result)
  const exitCode = typeof report?.exitCode === 'number' ? report.exitCode : undefined
  return {
    state,
    ...(typeof report?.step === 'string' ? { step: report.step } : {}),
    ...(exitCode === undefined ? {} : { exitCode }),
    log: bytes.toString('utf8'),
    nextOffset: Number(sections.offset ?? 0) + bytes.length,
    ...(cloudInit === undefined ? {} : { cloudInit }),
    lastLines: state === 'failed' ? lastLines(report === undefined, sections) : [],
  }
}

/** cloud-init writes its result when it has ended: no report of ours by then means that our script never ran. */
function stateOf(
  report: Record<string, unknown> | undefined,
  result: string | undefined,
): FirstBoot['state'] {
  const state = report?.state
  if (state === 'running' || state === 'waiting-for-volume' || state === 'done' || state === 'failed')
    return state
  return result !== undefined && result.trim() !== '' ? 'failed' : 'cloud-init'
}

function lastLines(neverRan: boolean, sections: Record<string, string>): string[] {
  const text = neverRan ? `${sections.warnings ?? ''}\n${sections.output ?? ''}` : (sections.tail ?? '')
  return text.split('\n').filter(line => line.trim() !== '')
}

function cloudInitOf(
  status: Record<string, unknown> | undefined,
  result: Record<string, unknown> | undefined,
): FirstBoot['cloudInit'] {
  if (status === undefined && result === undefined) return undefined
  const v1 = result?.v1 as { errors?: unknown } | undefined
  const listed = [...asTexts(status?.errors), ...asTexts(v1?.errors)]
  const errors = [...new Set(listed)]
  const module = errors.map(moduleOf).find(name => name !== undefined)
  const name = typeof status?.status === 'string' ? status.status : 'unknown'
  return { status: name, errors, ...(module === undefined ? {} : { module }) }
}

function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** "('scripts_user', RuntimeError(…))", "Failed to run module scripts-user …": cloud-init names the module like this. */
function moduleOf(error: string): string | undefined {
  return /^\('([\w-]+)'/.exec(error)?.[1] ?? /module ([\w-]+)/i.exec(error)?.[1]
}
