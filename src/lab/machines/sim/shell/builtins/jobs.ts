import { signalNumber } from '../process.ts'
import type { Job, Shell } from '../shell.ts'
import type { Builtin } from './index.ts'

function jobOf(shell: Shell, word: string): Job | undefined {
  if (word.startsWith('%')) {
    const number = Number(word.slice(1))
    return Number.isNaN(number) ? shell.jobs.at(-1) : shell.jobs[number - 1]
  }
  return shell.jobs.find(job => job.pid === Number(word))
}

/** Waits for a job but no longer than the shell itself lives. */
function until(shell: Shell, done: Promise<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(shell.signal.reason)
    if (shell.signal.aborted) return abort()
    shell.signal.addEventListener('abort', abort, { once: true })
    void done.then(status => {
      shell.signal.removeEventListener('abort', abort)
      resolve(status)
    })
  })
}

async function kill(shell: Shell, args: string[]): Promise<number> {
  let signal = 15
  const rest = [...args]
  if (rest[0] === '-l') {
    await shell.write(1, 'HUP INT QUIT KILL TERM\n')
    return 0
  }
  if (rest[0] === '-s' || rest[0] === '-n') {
    signal = signalNumber(rest[1] ?? '') ?? 15
    rest.splice(0, 2)
  } else if (
    /^-[A-Za-z0-9]+$/.test(rest[0] ?? '') &&
    signalNumber((rest[0] as string).slice(1)) !== undefined
  ) {
    signal = signalNumber((rest.shift() as string).slice(1)) ?? 15
  }
  let status = 0
  for (const word of rest.filter(one => one !== '--')) {
    const pid = word.startsWith('%') ? jobOf(shell, word)?.pid : Number(word)
    if (pid === undefined || Number.isNaN(pid)) {
      await shell.complain(`kill: ${word}: arguments must be process or job IDs`)
      status = 1
    } else if (!shell.host.processes.kill(Math.abs(pid), signal)) {
      await shell.complain(`kill: (${word}) - No such process`)
      status = 1
    }
  }
  return status
}

/** wait, jobs, kill, disown, bg, fg. */
export const jobs: Record<string, Builtin> = {
  wait: async (shell, args) => {
    const words = args.filter(argument => !argument.startsWith('-'))
    if (args.includes('-n')) {
      const running = shell.jobs.filter(job => job.status === undefined)
      return running.length === 0 ? 127 : until(shell, Promise.race(running.map(job => job.done)))
    }
    if (words.length === 0) {
      for (const job of [...shell.jobs]) await until(shell, job.done)
      shell.jobs = []
      return 0
    }
    let status = 0
    for (const word of words) {
      const job = jobOf(shell, word)
      if (!job) {
        await shell.complain(`wait: pid ${word} is not a child of this shell`)
        status = 127
        continue
      }
      status = await until(shell, job.done)
    }
    return status
  },
  jobs: async (shell, args) => {
    for (const [index, job] of shell.jobs.entries()) {
      if (job.status !== undefined) continue
      await shell.write(1, args.includes('-p') ? `${job.pid}\n` : `[${index + 1}]   Running\n`)
    }
    return 0
  },
  kill,
  disown: shell => {
    shell.jobs = []
    return 0
  },
  bg: () => 0,
  fg: async (shell, args) => {
    const job = jobOf(shell, args[0] ?? '%%')
    return job ? until(shell, job.done) : 1
  },
}
