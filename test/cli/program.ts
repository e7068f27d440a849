import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { join } from 'node:path'

const program = join(import.meta.dirname, 'fixture', 'run.js')

export type Outcome = { code: number | null; stdout: string; stderr: string }

/** Starts the fixture program with the Node that runs the tests; not in CI's clothes, and without a terminal. */
export function start(words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...words], { env: { PATH: process.env.PATH, ...env } })
}

export async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  child.stdin.end()
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

export function cosmos(...words: string[]): Promise<Outcome> {
  return outcomeOf(start(words))
}

/** Resolves when the child has written that to stderr. */
export function said(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  let heard = ''
  return new Promise((resolve, reject) => {
    child.stderr.on('data', more => {
      heard += more
      if (heard.includes(text)) resolve()
    })
    child.on('close', () => reject(new Error(`ended without saying '${text}': ${heard}`)))
  })
}
