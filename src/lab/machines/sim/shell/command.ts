import type { Assignment, Command, CommandArgument, Word } from 'unbash'
import { type Builtin, builtins, type Declared, declarations } from './builtins/index.ts'
import { runList } from './evaluate.ts'
import { runProgram } from './exec.ts'
import { expandText, expandWords } from './expand.ts'
import { keyOf } from './parameter.ts'
import { redirect, redirectForGood } from './redirect.ts'
import { Leave, type Shell, ShellError } from './shell.ts'
import { newVariable } from './variables.ts'

/** Evaluates `name=value`, `name[i]=value`, `name=(…)` into variables. */
async function assign(shell: Shell, node: Assignment): Promise<void> {
  await store(shell, await evaluate(shell, node))
}

/** The value of an assignment, with the name it goes to. */
async function evaluate(shell: Shell, node: Assignment): Promise<Declared> {
  const append = node.append ?? false
  if (node.value.type === 'Word') {
    const value = await expandText(shell, node.value)
    const index = node.index ? await expandText(shell, node.index) : undefined
    return { name: node.name, value, index, append }
  }
  const items = new Map<string, string>()
  let next = append ? Number(shell.vars.keys(node.name).at(-1) ?? -1) + 1 : 0
  for (const element of node.value.elements) {
    const keyed = /^\[(.+?)\]=/.exec(element.text)
    if (keyed) {
      const text = (await expandWords(shell, [element])).join(' ')
      const at = text.indexOf(']=')
      const key = await keyOf(shell, node.name, text.slice(1, at))
      items.set(key, text.slice(at + 2))
      next = Number(key) + 1
      continue
    }
    for (const value of await expandWords(shell, [element])) {
      items.set(String(next), value)
      next += 1
    }
  }
  return { name: node.name, items, append }
}

/** Puts an evaluated assignment into the variables of the shell. */
export async function store(shell: Shell, declared: Declared): Promise<void> {
  if (declared.items) shell.vars.setArray(declared.name, declared.items, declared.append)
  else if (declared.value !== undefined) {
    const key = declared.index === undefined ? '0' : await keyOf(shell, declared.name, declared.index)
    shell.vars.set(declared.name, declared.value, key, declared.append)
    if (shell.options.has('a')) shell.vars.ensure(declared.name).exported = true
  }
}

async function trace(shell: Shell, words: readonly string[]): Promise<void> {
  const shown = words.map(word =>
    word !== '' && /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
  )
  await shell.write(2, `${'+'.repeat(shell.subshellDepth + 1)} ${shown.join(' ')}\n`)
}

const isWord = (argument: CommandArgument): argument is Word => argument.type === 'Word'

async function declared(shell: Shell, args: readonly CommandArgument[]): Promise<(string | Declared)[]> {
  const result: (string | Declared)[] = []
  for (const argument of args) {
    if (!isWord(argument)) {
      result.push(await evaluate(shell, argument))
      continue
    }
    for (const text of await expandWords(shell, [argument])) {
      const found = /^([A-Za-z_]\w*)(\+?)=([\s\S]*)$/.exec(text)
      if (found)
        result.push({ name: found[1] as string, value: found[3] as string, append: found[2] === '+' })
      else result.push(text)
    }
  }
  return result
}

/** Runs a simple command: expansions, redirections, then function, builtin or program. Gives its status. */
export async function runCommand(shell: Shell, node: Command): Promise<number> {
  shell.at(node)
  if (!shell.inTrap) shell.command = shell.source.slice(node.pos, node.end)
  shell.substitutionStatus = undefined
  const opened = shell.substitutions
  shell.substitutions = []
  try {
    return await simple(shell, node)
  } finally {
    for (const { fd } of shell.substitutions) {
      shell.fds.get(fd)?.release()
      shell.fds.delete(fd)
    }
    shell.substitutions = opened
  }
}

async function simple(shell: Shell, node: Command): Promise<number> {
  const names = node.name ? await expandWords(shell, [node.name]) : []
  const head = names[0] ?? ''
  const assignments = node.prefix.filter(prefix => prefix.type === 'Assignment')
  if (declarations.has(head) && names.length === 1) {
    const args = await declared(shell, node.args)
    if (shell.options.has('x'))
      await trace(shell, [
        head,
        ...args.map(arg => (typeof arg === 'string' ? arg : `${arg.name}=${arg.value ?? ''}`)),
      ])
    const undo = await redirect(shell, node.redirects)
    try {
      return (await declarations.get(head)?.(shell, args)) ?? 0
    } finally {
      undo()
    }
  }
  const words = [...names]
  for (const argument of node.args) {
    if (isWord(argument)) words.push(...(await expandWords(shell, [argument])))
    else words.push(await plainAssignment(shell, argument))
  }
  if (words.length === 0) {
    const undo = await redirect(shell, node.redirects)
    try {
      for (const assignment of assignments) await assign(shell, assignment)
    } finally {
      undo()
    }
    if (shell.options.has('x'))
      for (const assignment of assignments)
        await trace(shell, [`${assignment.name}=${shell.vars.get(assignment.name) ?? ''}`])
    return shell.substitutionStatus ?? 0
  }
  if (shell.options.has('x')) await trace(shell, words)
  const status = await dispatch(shell, node, words, assignments)
  shell.lastArgument = words.at(-1) ?? ''
  return status
}

/** `name=value` after a program's name is a plain argument (`env A=b`, `dd if=x`). */
async function plainAssignment(shell: Shell, node: Assignment): Promise<string> {
  const { name, value, append } = await evaluate(shell, node)
  return `${name}${append ? '+' : ''}=${value ?? ''}`
}

async function dispatch(
  shell: Shell,
  node: Command,
  words: string[],
  assignments: Assignment[],
): Promise<number> {
  const name = words[0] as string
  if (name === 'exec') return execute(shell, node, words.slice(1), assignments)
  const undo = await redirect(shell, node.redirects)
  try {
    const function_ = shell.functions.get(name)
    const builtin: Builtin | undefined = function_ ? undefined : builtins.get(name)
    if (!function_ && !builtin) {
      return await program(shell, words, await environment(shell, assignments))
    }
    const scope = assignments.length > 0
    if (scope) {
      const temporary = new Map()
      for (const assignment of assignments) {
        const { value } = await evaluate(shell, assignment)
        const variable = newVariable()
        variable.items.set('0', value ?? '')
        variable.isSet = true
        variable.exported = true
        temporary.set(assignment.name, variable)
      }
      shell.vars.scopes.push(temporary)
    }
    try {
      if (builtin) return await builtin(shell, words.slice(1))
      return await callFunction(shell, name, words.slice(1))
    } finally {
      if (scope) shell.vars.scopes.pop()
    }
  } finally {
    undo()
  }
}

async function environment(shell: Shell, assignments: Assignment[]): Promise<Record<string, string>> {
  const env = shell.vars.exported()
  for (const assignment of assignments) env[assignment.name] = (await evaluate(shell, assignment)).value ?? ''
  return env
}

/** Runs a program of the machine with the streams of the shell. */
export async function program(shell: Shell, words: string[], env: Record<string, string>): Promise<number> {
  const status = await runProgram(shell.host, words, {
    env,
    cwd: shell.cwd,
    fds: shell.fds,
    parent: shell.process,
    complain: message => shell.complain(message),
  })
  if (shell.signal.aborted) throw shell.signal.reason
  return status
}

async function execute(
  shell: Shell,
  node: Command,
  words: string[],
  assignments: Assignment[],
): Promise<number> {
  if (words.length === 0) {
    await redirectForGood(shell, node.redirects)
    for (const assignment of assignments) await assign(shell, assignment)
    return 0
  }
  await redirectForGood(shell, node.redirects)
  const status = await program(shell, words, await environment(shell, assignments))
  shell.traps.delete('EXIT')
  throw new Leave('exit', status)
}

async function callFunction(shell: Shell, name: string, args: string[]): Promise<number> {
  const found = shell.functions.get(name)
  if (!found) throw new ShellError(`${name}: command not found`, { status: 127 })
  if (shell.calls.length > 500) throw new ShellError(`${name}: maximum function nesting level exceeded (500)`)
  const before = {
    params: shell.params,
    source: shell.source,
    lineBase: shell.lineBase,
    loops: shell.loops,
    line: shell.line,
  }
  shell.params = args
  shell.source = found.source
  shell.loops = 0
  shell.calls.push({ name, line: shell.line })
  shell.vars.scopes.push(new Map())
  try {
    const { body } = found.node
    if (body.type === 'CompoundList') return await runList(shell, body)
    if (body.type === 'Redirected') {
      const undo = await redirect(shell, body.redirects)
      try {
        return await runBody(shell, body.command)
      } finally {
        undo()
      }
    }
    return await runBody(shell, body)
  } catch (error) {
    if (error instanceof Leave && error.kind === 'return') return error.count
    throw error
  } finally {
    shell.vars.scopes.pop()
    shell.calls.pop()
    Object.assign(shell, before)
  }
}

async function runBody(
  shell: Shell,
  body: Extract<import('unbash').CommandNode, { pos: number }>,
): Promise<number> {
  const statement = {
    type: 'Statement',
    pos: body.pos,
    end: body.end,
    command: body,
    background: undefined,
  } as const
  return runList(shell, { type: 'CompoundList', pos: body.pos, end: body.end, commands: [statement] })
}
