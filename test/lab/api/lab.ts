import { deepEqual } from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServedLab, type ServeOptions, serveLab } from '../../../src/lab/index.ts'
import { openApiContract } from './contract.ts'
import { type MemoryMachines, memoryMachines } from './memory-machines.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of an API under test are looked into freely
export type Body = any
export type Reply = { status: number; headers: Headers; body: Body }

export type TestLab = ServedLab & {
  machines: MemoryMachines
  dir: string
  ask(method: string, path: string, body?: unknown, token?: string): Promise<Reply>
  get(path: string): Promise<Body>
  post(path: string, body?: unknown): Promise<Body>
  /** Moves time on until no action runs. */
  settle(): Promise<void>
  end(): Promise<void>
}

const contract = openApiContract()

/** A lab whose clock stands still and whose every answer is held against the official document, over machines without an inside. */
export async function testLab(options: Partial<ServeOptions> = {}): Promise<TestLab> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'lab-')))
  const machines = memoryMachines()
  const broken: string[] = []
  const onAnswer: ServeOptions['onAnswer'] = answer => void broken.push(...contract(answer))
  const lab = await serveLab({ speed: 0, machines: () => machines, onAnswer, ...options, dir })
  async function ask(method: string, path: string, body?: unknown, token = lab.info.token): Promise<Reply> {
    const base = path.startsWith('/_lab') ? lab.info.endpoint.replace('/v1', '') : lab.info.endpoint
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token !== '' && { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/json',
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }
  async function good(method: string, path: string, body?: unknown): Promise<Body> {
    const reply = await ask(method, path, body)
    if (reply.status >= 300)
      throw new Error(`${method} ${path} → ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body
  }
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn++) {
      if (!lab.cloud.store.all('actions').some(({ status }) => status === 'running')) return
      await lab.clock.step(10_000)
    }
    throw new Error('An action does not come to its end.')
  }
  const served: TestLab = {
    ...lab,
    machines,
    dir,
    ask,
    get: path => good('GET', path),
    post: (path, body) => good('POST', path, body),
    settle,
    async end() {
      open.delete(served)
      await lab.close()
      if (!options.dir) await rm(dir, { recursive: true, force: true })
      deepEqual([...new Set(broken)], [], 'answers that are not as the official document says')
    },
  }
  open.add(served)
  return served
}

const open = new Set<TestLab>()

/** Ends what a test that failed left open; an open lab would keep mocha from ending. */
export async function endAll(): Promise<void> {
  for (const lab of open) await lab.end()
}
