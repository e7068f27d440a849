import { setImmediate as nextTick } from 'node:timers/promises'
import type {
  AndOr,
  CommandNode,
  CompoundList,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Script,
  Statement,
} from 'unbash'
import { FsError } from '../fs/errno.ts'
import { runCommand } from './command.ts'
import { conditional } from './conditional.ts'
import { evaluateArithmetic, expandPattern, expandText, expandWords } from './expand.ts'
import { Killed } from './process.ts'
import { redirect } from './redirect.ts'
import { Leave, type Shell, ShellError } from './shell.ts'
import { nullChannel, OpenFile, pipe, sinkChannel } from './streams.ts'
import { fireTrap, runExitTrap } from './traps.ts'
import { ReadonlyError } from './variables.ts'

let steps = 0

/** Between two commands: die when killed, run pending traps, let the rest of the program have its turn. */
async function breathe(shell: Shell): Promise<void> {
  steps += 1
  if (steps % 256 === 0) await nextTick()
  if (shell.signal.aborted) throw shell.signal.reason
  for (const name of shell.pending.splice(0)) await fireTrap(shell, name)
}

/** The status that an error thrown by a command leaves; what ends more than the command is thrown on. */
async function statusOf(shell: Shell, error: unknown): Promise<number> {
  if (error instanceof ReadonlyError) error = new ShellError(error.message, { fatal: true })
  if (error instanceof FsError) {
    if (error.errno === 'EPIPE') return 141
    error = new ShellError(`${error.path}: ${error.message}`)
  }
  if (!(error instanceof ShellError)) throw error
  await shell.complain(error.message)
  if (error.fatal && !shell.interactive) throw new Leave('exit', error.status)
  return error.status
}

/** A list of statements; the status of the last one. */
export async function runList(shell: Shell, list: CompoundList | Script): Promise<number> {
  for (const statement of list.commands) await runStatement(shell, statement)
  return shell.status
}

async function guarded(shell: Shell, run: () => Promise<number>): Promise<number> {
  shell.guard += 1
  try {
    return await run()
  } finally {
    shell.guard -= 1
  }
}

export async function runStatement(shell: Shell, statement: Statement): Promise<void> {
  await breathe(shell)
  if (statement.background) {
    shell.at(statement)
    background(shell, statement)
    shell.status = 0
    return
  }
  await runNode(shell, statement.command)
}

function background(shell: Shell, statement: Statement): void {
  const process = shell.host.processes.spawn({
    ppid: shell.process.pid,
    argv: [shell.source.slice(statement.command.pos, statement.command.end)],
    cwd: shell.cwd,
    cgroup: shell.process.cgroup,
  })
  const child = shell.subshell(process)
  child.guard = 0
  child.fds.get(0)?.release()
  child.fds.set(0, new OpenFile(nullChannel))
  shell.lastBackground = process.pid
  const done = isolated(child, async () => runNode(child, statement.command)).finally(() =>
    shell.host.processes.remove(process),
  )
  const job = { pid: process.pid, done, status: undefined as number | undefined }
  shell.jobs.push(job)
  void done.then(status => {
    job.status = status
  })
}

/** Runs in a shell of its own to the end: EXIT trap, descriptors closed. Never rejects. */
export async function isolated(child: Shell, run: () => Promise<number>): Promise<number> {
  try {
    try {
      child.status = await run()
    } catch (error) {
      if (error instanceof Leave) child.status = error.count
      else child.status = await statusOf(child, error)
    }
    child.status = await runExitTrap(child)
  } catch (error) {
    if (error instanceof Leave) child.status = error.count
    else if (error instanceof Killed) child.status = 128 + error.signal
    else if (error instanceof FsError && error.errno === 'EPIPE') child.status = 141
    else if (child.signal.aborted) child.status = 137
    else throw error
  } finally {
    child.closeFds()
  }
  return child.status
}

async function runNode(shell: Shell, node: PipelineNode | AndOr): Promise<number> {
  if (node.type === 'AndOr') {
    for (const [index, command] of node.commands.entries()) {
      const operator = node.operators[index - 1]
      if (operator === '&&' && shell.status !== 0) continue
      if (operator === '||' && shell.status === 0) continue
      const isLast = index === node.commands.length - 1
      if (isLast) await runNode(shell, command)
      else await guarded(shell, () => runNode(shell, command))
    }
    return shell.status
  }
  const negated = node.type === 'Pipeline' && node.prefixes.some(prefix => prefix.type === 'Negation')
  const run = () => (node.type === 'Pipeline' ? runPipeline(shell, node) : runSafely(shell, node))
  shell.status = negated ? await guarded(shell, run) : await run()
  if (node.type !== 'Pipeline') shell.pipeStatus = [shell.status]
  if (negated) shell.status = shell.status === 0 ? 1 : 0
  else if (shell.status !== 0 && shell.guard === 0 && isLeaf(node)) await failed(shell)
  return shell.status
}

/** Whether errexit looks at this node itself and not only at what is inside. */
function isLeaf(node: PipelineNode): boolean {
  if (node.type === 'Redirected') return isLeaf(node.command)
  return ['Command', 'Pipeline', 'Subshell', 'TestCommand', 'ArithmeticCommand'].includes(node.type)
}

async function failed(shell: Shell): Promise<void> {
  const status = shell.status
  await fireTrap(shell, 'ERR')
  shell.status = status
  if (shell.options.has('e')) throw new Leave('exit', status)
}

async function runSafely(shell: Shell, node: CommandNode): Promise<number> {
  try {
    return await runSingle(shell, node)
  } catch (error) {
    return statusOf(shell, error)
  }
}

async function runPipeline(shell: Shell, node: Pipeline): Promise<number> {
  if (node.commands.length === 1) return runSafely(shell, node.commands[0] as CommandNode)
  const stages: { child: Shell; command: CommandNode }[] = []
  let input: OpenFile | undefined
  for (const [index, command] of node.commands.entries()) {
    const child = shell.subshell()
    child.guard = shell.guard
    if (input) {
      child.fds.get(0)?.release()
      child.fds.set(0, input)
    }
    const operator = node.operators[index]
    if (operator) {
      const { reader, writer } = pipe()
      child.fds.get(1)?.release()
      child.fds.set(1, writer)
      if (operator === '|&') {
        child.fds.get(2)?.release()
        child.fds.set(2, writer.retain())
      }
      input = reader
    }
    stages.push({ child, command })
  }
  const statuses = await Promise.all(
    stages.map(({ child, command }) => isolated(child, async () => stage(child, command))),
  )
  if (shell.signal.aborted) throw shell.signal.reason
  shell.pipeStatus = statuses
  if (shell.options.has('pipefail')) return statuses.findLast(status => status !== 0) ?? 0
  return statuses.at(-1) ?? 0
}

/** A stage's own status is judged by the pipeline, so errexit looks only inside its compound commands. */
async function stage(child: Shell, command: CommandNode): Promise<number> {
  if (isLeaf(command)) return runSafely(child, command)
  return runNode(child, command)
}

/** Runs one command node; throws ShellError, Leave or Killed. */
async function runSingle(shell: Shell, node: CommandNode): Promise<number> {
  switch (node.type) {
    case 'Command':
      return runCommand(shell, node)
    case 'Redirected': {
      shell.at(node)
      const undo = await redirect(shell, node.redirects)
      try {
        return await runSingle(shell, node.command)
      } finally {
        undo()
      }
    }
    case 'BraceGroup':
      return runList(shell, node.body)
    case 'Subshell': {
      shell.at(node)
      if (!shell.inTrap) shell.command = shell.source.slice(node.pos, node.end)
      const child = shell.subshell()
      const status = await isolated(child, () => runList(child, node.body))
      if (shell.signal.aborted) throw shell.signal.reason
      return status
    }
    case 'If': {
      if ((await guarded(shell, () => runList(shell, node.clause))) === 0) return branch(shell, node.then)
      for (const elif of node.elif) {
        if ((await guarded(shell, () => runList(shell, elif.clause))) === 0) return branch(shell, elif.then)
      }
      return node.else ? branch(shell, node.else) : 0
    }
    case 'While': {
      let status = 0
      await loop(shell, async () => {
        const held = (await guarded(shell, () => runList(shell, node.clause))) === 0
        if (held !== (node.kind === 'while')) return false
        status = await branch(shell, node.body)
        return true
      })
      return status
    }
    case 'For':
    case 'Select': {
      const words = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.params]
      let status = 0
      await loop(shell, async () => {
        const next = words.shift()
        if (next === undefined) return false
        shell.vars.set(node.name.value, next)
        status = await branch(shell, node.body)
        return true
      })
      return status
    }
    case 'ArithmeticFor': {
      await evaluateArithmetic(shell, node.initialize)
      let first = true
      await loop(shell, async () => {
        if (!first) await evaluateArithmetic(shell, node.update)
        first = false
        if (node.test && (await evaluateArithmetic(shell, node.test)) === 0n) return false
        await branch(shell, node.body)
        return true
      })
      return shell.status
    }
    case 'Case':
      return runCase(shell, node)
    case 'TestCommand':
      shell.at(node)
      shell.command = shell.source.slice(node.pos, node.end)
      return (await conditional(shell, node.expression)) ? 0 : 1
    case 'ArithmeticCommand':
      shell.at(node)
      return (await evaluateArithmetic(shell, node.expression)) === 0n ? 1 : 0
    case 'Function':
      shell.functions.set(node.name.value, { node, source: shell.source, file: shell.name })
      return 0
    case 'Coproc':
      throw new ShellError('coproc: not supported on this machine')
  }
}

/** `$?` in a branch is what led to it: `if command; then …; else status=$?; fi`. */
async function branch(shell: Shell, list: CompoundList): Promise<number> {
  return runList(shell, list)
}

async function loop(shell: Shell, turn: () => Promise<boolean>): Promise<void> {
  shell.loops += 1
  try {
    while (true) {
      await breathe(shell)
      try {
        if (!(await turn())) return
      } catch (error) {
        if (!(error instanceof Leave) || (error.kind !== 'break' && error.kind !== 'continue')) throw error
        if (error.count > 1 && shell.loops > 1) throw new Leave(error.kind, error.count - 1)
        shell.status = 0
        if (error.kind === 'break') return
      }
    }
  } finally {
    shell.loops -= 1
  }
}

async function runCase(shell: Shell, node: Extract<CommandNode, { type: 'Case' }>): Promise<number> {
  const subject = await expandText(shell, node.word)
  let fallThrough = false
  let status = 0
  for (const item of node.items) {
    let hit = fallThrough
    for (const pattern of hit ? [] : item.pattern) {
      hit ||= new RegExp(`^(?:${await expandPattern(shell, pattern)})$`).test(subject)
    }
    if (!hit) continue
    status = await branch(shell, item.body)
    if (item.terminator === ';&') fallThrough = true
    else if (item.terminator === ';;&') fallThrough = false
    else return status
  }
  return status
}

/** `$( )`: the output without its trailing newlines. */
export async function substitute(shell: Shell, script: ParsedScript | undefined): Promise<string> {
  if (!script) return ''
  const child = shell.subshell()
  child.options.delete('e')
  child.guard = 0
  if (script.source !== undefined) {
    child.source = script.source
    child.lineBase = shell.line - 1
  }
  const chunks: Buffer[] = []
  const closed = new Promise<void>(resolve => {
    child.fds.get(1)?.release()
    child.fds.set(1, new OpenFile({ ...sinkChannel(data => void chunks.push(data)), close: resolve }))
  })
  const only = script.commands.length === 1 ? script.commands[0]?.command : undefined
  const isRead =
    only?.type === 'Command' &&
    !only.name &&
    only.redirects.length === 1 &&
    only.redirects[0]?.type === 'Redirect'
  shell.substitutionStatus = await isolated(child, async () => {
    if (!isRead) return runList(child, script)
    await redirect(child, only.redirects)
    chunks.push((await child.fds.get(0)?.readAll(child.signal)) ?? Buffer.alloc(0))
    return 0
  })
  if (shell.signal.aborted) throw shell.signal.reason
  await closed
  return Buffer.concat(chunks).toString('utf8').replaceAll('\0', '').replace(/\n+$/, '')
}

/** `<( )` and `>( )`: a pipe to a shell in the background; gives the path that names the pipe. */
export function processSubstitution(
  shell: Shell,
  operator: '<' | '>',
  script: ParsedScript | undefined,
): string {
  const { reader, writer } = pipe()
  let fd = 63
  while (shell.fds.has(fd)) fd -= 1
  const process = shell.host.processes.spawn({ ppid: shell.process.pid, argv: ['bash'], cwd: shell.cwd })
  const child = shell.subshell(process)
  child.guard = 0
  shell.fds.set(fd, operator === '<' ? reader : writer)
  child.fds.get(operator === '<' ? 1 : 0)?.release()
  child.fds.set(operator === '<' ? 1 : 0, operator === '<' ? writer : reader)
  shell.lastBackground = process.pid
  const done = isolated(child, () => (script ? runList(child, script) : Promise.resolve(0)))
  void done.finally(() => shell.host.processes.remove(process))
  shell.substitutions.push({ fd, done })
  return `/dev/fd/${fd}`
}
