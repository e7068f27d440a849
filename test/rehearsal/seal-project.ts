import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { SealingKey } from '../../src/vault/contents.ts'
import { writeVault } from '../../src/vault/index.ts'
import { vault } from '../fixtures/vault.ts'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
export const passphrase = 'correct horse battery'

export type Ended = { code: number | null; stdout: string; stderr: string; bytes: Buffer }

type RunOptions = {
  input?: string | Uint8Array
  env?: Record<string, string>
  started?: (child: ChildProcess) => void
}

/** A folder with cosmos.yaml, certificate and a vault that opens quickly, and the program to run in it. */
export class SealProject {
  readonly dir = mkdtempSync(join(tmpdir(), 'cosmos-seal-'))
  readonly keys: readonly SealingKey[]

  /** @param keys oldest first */
  constructor(keys: readonly SealingKey[]) {
    this.keys = keys
  }

  async lay(): Promise<this> {
    this.write('cosmos.yaml', 'name: demo\n')
    this.write('cosmos.sealing.crt', this.keys.at(-1)?.certificate ?? '')
    const contents = vault({ sealing: { keys: [...this.keys] } })
    await writeVault(this.path('cosmos.vault.age'), contents, { passphrase, workFactor: 10 })
    return this
  }

  remove(): void {
    rmSync(this.dir, { recursive: true })
  }

  path(name: string): string {
    return join(this.dir, name)
  }

  write(name: string, text: string | Uint8Array): string {
    writeFileSync(this.path(name), text)
    return name
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }

  /** Writes a Secret as a manifest. */
  secret(
    name: string,
    texts: Record<string, string>,
    metadata: object = { name: 'app', namespace: 'ns' },
  ): string {
    return this.write(name, stringify({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: texts }))
  }

  /** Runs `cosmos …` to its end, by default without the passphrase. @param started gets the process */
  cosmos(args: readonly string[], { input = '', env = {}, started }: RunOptions = {}): Promise<Ended> {
    const { PATH = '' } = process.env
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.dir,
      env: { PATH, HOME: this.dir, ...env },
    })
    started?.(child)
    const out: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', chunk => out.push(chunk))
    child.stderr.on('data', chunk => errors.push(chunk))
    // Whoever does not read its input ends before it came.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', code => {
        const bytes = Buffer.concat(out)
        resolve({ code, stdout: bytes.toString(), stderr: Buffer.concat(errors).toString(), bytes })
      })
    })
  }

  /** Runs it with the passphrase at hand. */
  opened(
    args: readonly string[],
    env: Record<string, string> = {},
    input: string | Uint8Array = '',
  ): Promise<Ended> {
    return this.cosmos(args, { input, env: { COSMOS_PASSPHRASE: passphrase, ...env } })
  }
}
