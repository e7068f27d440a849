import { type CloudInit, cloudInitOf, hasEnded } from './cloud-init-result.ts'
import { paths } from './paths.ts'
import { parseJson, parseSections, sectionsCommand } from './sections.ts'

export type FirstBoot = {
  /** `cloud-init`: our script has not begun. `failed` also when it never came to be, or died without a word. */
  state: 'cloud-init' | 'running' | 'waiting-for-volume' | 'done' | 'failed'
  /** Step of the script. */
  step?: string
  exitCode?: number
  /** What the log has gained since the offset: whole lines, as long as more can come. */
  log: string
  /** Where the next probe goes on: bytes of the log that were seen. */
  nextOffset: number
  cloudInit?: CloudInit
  /** End of the log that tells why, when it failed. */
  lastLines: string[]
}

const tailLines = 20
/** Bytes of the log in one answer; the rest comes with the next. */
const logChunk = 262_144

/** One command that says how the first boot goes. @param logOffset bytes of the log that were seen already */
export function firstBootProbe(logOffset: number): string {
  return sectionsCommand({
    before: `cat ${paths.report}`,
    unit: 'systemctl is-active cosmos-first-boot.service',
    system: 'systemctl is-system-running',
    report: `cat ${paths.report}`,
    installed: 'command -v cloud-init || ls -d /run/cloud-init',
    status: 'cloud-init status --format json',
    result: `cat ${paths.cloudInitResult}`,
    log: `tail -c +${logOffset + 1} ${paths.firstBootLog} | head -c ${logChunk} | base64 -w 0`,
    offset: `printf %s ${logOffset}`,
    tail: `tail -n ${tailLines} ${paths.firstBootLog}`,
    output: `tail -n ${tailLines} ${paths.cloudInitOutput}`,
    warnings: `grep -E 'WARNING|ERROR|Traceback|Unhandled' ${paths.cloudInitLog} | tail -n ${tailLines}`,
  })
}

/** Reads the answer of `firstBootProbe`. */
export function parseFirstBootProbe(stdout: string): FirstBoot {
  const sections = parseSections(stdout)
  const report = parseJson(sections.report)
  const cloudInit = cloudInitOf(parseJson(sections.status), parseJson(sections.result), sections.warnings)
  const state = stateOf(report, sections)
  const log = newLines(Buffer.from(sections.log ?? '', 'base64'), state === 'done' || state === 'failed')
  return {
    state,
    ...(typeof report?.step === 'string' ? { step: report.step } : {}),
    ...(typeof report?.exitCode === 'number' ? { exitCode: report.exitCode } : {}),
    log: log.toString('utf8'),
    nextOffset: Number(sections.offset ?? 0) + log.length,
    ...(cloudInit === undefined ? {} : { cloudInit }),
    lastLines: state === 'failed' ? lastLines(report, sections) : [],
  }
}

/** Up to the last line break, so that a line that is still being written is not told in two halves. */
function newLines(bytes: Buffer, whole: boolean): Buffer {
  return whole || bytes.length === logChunk ? bytes : bytes.subarray(0, bytes.lastIndexOf(10) + 1)
}

type Sections = Record<string, string>

function stateOf(report: Record<string, unknown> | undefined, sections: Sections): FirstBoot['state'] {
  const state = report?.state
  if (state === 'running') return isCutOff(sections) ? 'failed' : 'running'
  if (state === 'waiting-for-volume' || state === 'done' || state === 'failed') return state
  return hasEnded(sections) ? 'failed' : 'cloud-init'
}

/**
 * "running" by the report before and after, and no such unit in between: killed, or out of memory. Not so while the
 * system starts, because a first boot that was cut off by a restart goes on by itself then.
 */
function isCutOff({ before, unit = '', system = '' }: Sections): boolean {
  return (
    parseJson(before)?.state === 'running' &&
    ['inactive', 'failed'].includes(unit.trim()) &&
    ['running', 'degraded'].includes(system.trim())
  )
}

function lastLines(report: Record<string, unknown> | undefined, sections: Sections): string[] {
  const reported = report?.lastLines
  if (Array.isArray(reported) && reported.length > 0) return reported.map(String)
  if (report !== undefined) {
    const cut = report.state === 'running' ? ['It was cut off: its process is gone.'] : []
    return [...lines(sections.tail), ...cut]
  }
  if (sections.installed?.trim() === '') return ['There is no cloud-init on this machine.']
  return [...lines(sections.warnings), ...lines(sections.output)]
}

function lines(text = ''): string[] {
  return text.split('\n').filter(line => line.trim() !== '')
}
