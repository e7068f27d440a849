import { deepEqual } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServedLab, serveLab } from '../../src/lab/index.ts'
import { openApiContract } from '../lab/api/contract.ts'
import { memoryMachines } from '../lab/api/memory-machines.ts'

export type Outcome = { code: number; stdout: string; stderr: string }

export type ForeignLab = {
  lab: ServedLab
  dir: string
  /** What a foreign program needs to find the lab instead of the service. */
  env: NodeJS.ProcessEnv
  run(program: string, args: string[], env?: NodeJS.ProcessEnv): Promise<Outcome>
  /** Closes it; fails when an answer was not as the official document says. */
  end(): Promise<void>
}

/** A fast lab in this process for programs that others wrote; every answer is held against the official document. */
export async function foreignLab(): Promise<ForeignLab> {
  const dir = await mkdtemp(join(tmpdir(), 'foreign-'))
  const contract = openApiContract()
  const broken = new Set<string>()
  const lab = await serveLab({
    dir: join(dir, 'lab'),
    speed: 400,
    machines: memoryMachines,
    limits: { servers: 50, primary_ips: 100 },
    onAnswer: answer => {
      for (const problem of contract(answer)) broken.add(problem)
    },
  })
  const env = {
    PATH: process.env.PATH,
    HOME: dir,
    HCLOUD_ENDPOINT: lab.info.endpoint,
    HCLOUD_TOKEN: lab.info.token,
    HCLOUD_CONFIG: join(dir, 'no-such-file.toml'),
  }
  return {
    lab,
    dir,
    env,
    run: (program, args, more = {}) =>
      new Promise(resolve => {
        const options = { env: { ...env, ...more }, timeout: 120_000, maxBuffer: 32 << 20 }
        execFile(program, args, options, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
          resolve({ code, stdout, stderr })
        })
      }),
    async end() {
      await lab.close()
      await rm(dir, { recursive: true, force: true })
      deepEqual([...broken], [], 'answers that are not as the official document says')
    },
  }
}
