import { readFileSync } from 'node:fs'

/**
 * Whether a process runs. One that has ended and that nobody has asked about yet (a zombie) does not: in a container without
 * an init it may stay for long. Where /proc does not exist a signal has to tell.
 */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)[0]
  if (state !== undefined) return state !== 'Z' && state !== 'X'
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process started, in ticks, so that a pid that is used again is noticed; empty where /proc does not exist. */
export function startOf(pid: number): string {
  return statOf(pid)[19] ?? ''
}

/** The fields behind the name of the program, the first of which is the state. See proc_pid_stat(5). */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
