/** The lab's API under load: `node bench/lab.ts [REQUESTS]`. One client process with 32 connections, one lab process. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabInfo } from '../src/lab/index.ts'

const requests = Number(process.argv[2] ?? 20_000)
const servers = 1_000
const connections = 32
const agent = new Agent({ keepAlive: true, maxSockets: connections })
const dir = mkdtempSync(join(tmpdir(), 'bench-lab-'))

const began = performance.now()
const child = fork(join(import.meta.dirname, 'lab-server.ts'), [join(dir, 'lab')])
const [info] = (await once(child, 'message')) as [LabInfo]
await ask('GET', '/locations')
const started = performance.now() - began
console.log(
  `Node ${process.versions.node}; ${connections} connections; start to first answer ${started.toFixed(0)} ms`,
)
console.log(
  `${'what'.padEnd(44)} ${'per second'.padStart(10)} ${'median ms'.padStart(10)} ${'p99 ms'.padStart(8)}`,
)

const create = (n: number) => ({
  name: `s${n}`,
  server_type: 'cx23',
  image: 'debian-13',
  location: 'fsn1',
  labels: { n: `${n}` },
})
await load(`POST /servers, ${servers} of them`, servers, n => ask('POST', '/servers', create(n)))
const first = 42_000_001
await load('GET /servers/{id}', requests, n => ask('GET', `/servers/${first + (n % servers)}`))
await load('GET /servers?per_page=50 of 1,000', requests / 10, n =>
  ask('GET', `/servers?per_page=50&page=${1 + (n % 20)}`),
)
await load('GET /servers?label_selector=n=7 of 1,000', requests / 10, () =>
  ask('GET', '/servers?label_selector=n%3D7'),
)
await load('GET /actions/{id}', requests, n => ask('GET', `/actions/${510_000_001 + (n % servers)}`))
await load('GET /locations, one after the other', 2_000, () => ask('GET', '/locations/1'), 1)
const before = await memory(child)
await load('GET /locations/{id} up to 100,000 requests', 100_000, () => ask('GET', '/locations/1'))
console.log(`resident memory of the lab: ${before} MB before the last row, ${await memory(child)} MB after`)

child.send('stop')
await once(child, 'exit')
agent.destroy()
rmSync(dir, { recursive: true, force: true })

async function load(
  what: string,
  count: number,
  one: (n: number) => Promise<void>,
  width = connections,
): Promise<void> {
  const times: number[] = []
  let next = 0
  const start = performance.now()
  const worker = async () => {
    for (let n = next++; n < count; n = next++) {
      const at = performance.now()
      await one(n)
      times.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  const perSecond = (count / (performance.now() - start)) * 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2)
  console.log(
    `${what.padEnd(44)} ${perSecond.toFixed(0).padStart(10)} ${at(0.5).padStart(10)} ${at(0.99).padStart(8)}`,
  )
}

function ask(method: string, path: string, body?: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${info.token}` }
    const asked = request(info.endpoint + path, { method, headers, agent }, response => {
      response.resume()
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve()
        else reject(new Error(`${method} ${path} → ${response.statusCode}`))
      })
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function memory(process: ChildProcess): Promise<number> {
  process.send('memory')
  const [{ rssMb }] = (await once(process, 'message')) as [{ rssMb: number }]
  return rssMb
}
