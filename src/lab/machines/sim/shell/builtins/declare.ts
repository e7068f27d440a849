import { store } from '../command.ts'
import type { Shell } from '../shell.ts'
import type { Variable } from '../variables.ts'
import type { Declaration, Declared } from './index.ts'

const declarationOf = (name: string, variable: Variable): string => {
  const letters =
    `${variable.kind === 'indexed' ? 'a' : variable.kind === 'assoc' ? 'A' : ''}${variable.readonly ? 'r' : ''}${variable.exported ? 'x' : ''}` ||
    '-'
  const value = [...variable.items.values()][0] ?? ''
  return `declare -${letters} ${name}${variable.isSet ? `="${value.replace(/(["\\$`])/g, '\\$1')}"` : ''}`
}

async function apply(
  shell: Shell,
  args: (string | Declared)[],
  base: { local: boolean; flags: string },
): Promise<number> {
  let flags = base.flags
  let remove = ''
  const names: Declared[] = []
  for (const argument of args) {
    if (typeof argument !== 'string') names.push(argument)
    else if (argument.startsWith('-') && argument !== '--' && names.length === 0) flags += argument.slice(1)
    else if (argument.startsWith('+')) remove += argument.slice(1)
    else if (argument !== '--') names.push({ name: argument, append: false })
  }
  if (flags.includes('F') || flags.includes('f')) {
    for (const { name } of names) if (!shell.functions.has(name)) return 1
    for (const { name } of names) await shell.write(1, `${name}\n`)
    return 0
  }
  if (flags.includes('p') || names.length === 0) {
    for (const scope of shell.vars.scopes) {
      for (const [name, variable] of [...scope].sort()) {
        if (name.startsWith('\0') || (names.length > 0 && !names.some(wanted => wanted.name === name)))
          continue
        if (names.length === 0 && flags.includes('x') && !variable.exported) continue
        await shell.write(1, `${declarationOf(name, variable)}\n`)
      }
    }
    return names.every(({ name }) => shell.vars.find(name)) ? 0 : 1
  }
  let status = 0
  for (const declared of names) {
    if (!/^[A-Za-z_]\w*$/.test(declared.name)) {
      await shell.complain(`${base.local ? 'local' : 'export'}: \`${declared.name}': not a valid identifier`)
      status = 1
      continue
    }
    const variable =
      base.local && !flags.includes('g')
        ? shell.vars.declareLocal(declared.name)
        : shell.vars.ensure(declared.name)
    if (flags.includes('A')) variable.kind = 'assoc'
    else if (flags.includes('a')) variable.kind = 'indexed'
    await store(shell, declared)
    if (flags.includes('i')) variable.integer = true
    if (flags.includes('x')) variable.exported = true
    if (flags.includes('n')) variable.exported = false
    if (flags.includes('r')) variable.readonly = true
    if (remove.includes('x')) variable.exported = false
  }
  return status
}

/** local, declare, typeset, export, readonly. */
export const declare: Record<string, Declaration> = {
  async local(shell, args) {
    if (shell.calls.length === 0) {
      await shell.complain('local: can only be used in a function')
      return 1
    }
    return apply(shell, args, { local: true, flags: '' })
  },
  declare: (shell, args) => apply(shell, args, { local: shell.calls.length > 0, flags: '' }),
  typeset: (shell, args) => apply(shell, args, { local: shell.calls.length > 0, flags: '' }),
  export: (shell, args) => apply(shell, args, { local: false, flags: 'x' }),
  readonly: (shell, args) => apply(shell, args, { local: false, flags: 'r' }),
}
