import { parseArguments } from '../commands/arguments.ts'
import type { Guest } from '../guest.ts'
import { strftime } from '../shell/builtins/printf.ts'
import type { Program } from '../shell/host.ts'

/** cloud-init status, with the words and exit codes of facts/vm-lab.md §5 (verified). */
export function cloudInitPrograms(guest: Guest): Record<string, Program> {
  const program: Program = async call => {
    const { flags, values, rest } = parseArguments(call.args, ['format'])
    if (flags.has('version') || flags.has('v')) {
      await call.out('/usr/bin/cloud-init 24.4-0ubuntu1\n')
      return 0
    }
    if (rest[0] !== 'status') return 0
    if (flags.has('wait') || flags.has('w')) {
      while (guest.cloudInit.status === 'running' || guest.cloudInit.status === 'not run') {
        if (values.get('format') === undefined) await call.out('.')
        await guest.clock.sleep(250, call.signal)
      }
      if (values.get('format') === undefined) await call.out('\n')
    }
    const { status, errors, recoverable, finishedMs, startedMs, stage } = guest.cloudInit
    const code = status === 'error' ? 1 : 0
    if (values.get('format') === 'json') {
      await call.out(
        `${JSON.stringify({ boot_status_code: 'enabled-by-generator', datasource: 'hetzner', detail: 'DataSourceHetzner', errors, extended_status: status, init: { errors: [], recoverable_errors: recoverable, start: startedMs / 1000 }, last_update: strftime('%a, %d %b %Y %T +0000', finishedMs || startedMs), 'modules-final': { errors }, recoverable_errors: recoverable, schemas: {}, stage: status === 'running' ? stage : null, status }, null, 2)}\n`,
      )
      return code
    }
    await call.out(`status: ${status}\n`)
    if (flags.has('long') || flags.has('l')) {
      await call.out(
        `extended_status: ${status}\nboot_status_code: enabled-by-generator\ndetail: DataSourceHetzner\nerrors:${errors.length === 0 ? ' []' : `\n${errors.map(error => `\t- ${error}`).join('\n')}`}\n`,
      )
    }
    return code
  }
  return {
    'cloud-init': program,
    'cloud-id': async call => {
      await call.out('hetzner\n')
      return 0
    },
  }
}
