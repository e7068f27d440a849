import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { MachineFaults, Machines } from '../../../../src/lab/machines/machine.ts'
import { createSimMachines } from '../../../../src/lab/machines/sim/index.ts'
import { type TurnableClock, turnableClock } from '../../../../src/lab/turnable-clock.ts'

export const userKey = ssh2.utils.generateKeyPairSync('ed25519')
export const hostKey = ssh2.utils.generateKeyPairSync('ed25519')

export type Answer = { out: string; err: string; code: number | null }

/** Other runs of the suite may be under way on this computer: an address of our own, out of four million. */
function ownAddress(): string {
  const [a, b, c] = randomBytes(3)
  return `127.${64 + ((a ?? 0) % 64)}.${b}.${2 + ((c ?? 0) % 240)}`
}

/** A folder with machines on a fast clock, and one address for the machine under test. */
export type TestLab = {
  machines: Machines
  clock: TurnableClock
  dir: string
  address: string
  faults: { ssh?: 'refuse' | 'hang' | 'drop'; boot?: 'hang' }
  log: string[]
  /** Switches machine 1 on with this user data; volume 7 is attached unless told otherwise. */
  boot(userData: string | null, options?: { volume?: boolean; publicKeys?: string[] }): Promise<void>
  /** Runs a command over SSH as soon as the machine answers. */
  ssh(command: string, options?: { stdin?: string; port?: number; timeoutMs?: number }): Promise<Answer>
  /** Waits until a command over SSH exits 0. */
  until(command: string): Promise<Answer>
  /** Lab seconds since the lab began. */
  seconds(): number
  /** Machines made anew from the folder, as another process would. */
  reopen(): Machines
  end(): Promise<void>
}

export function testLab(speed = 200): TestLab {
  const dir = mkdtempSync(join(tmpdir(), 'sim-'))
  const startsAt = Date.UTC(2026, 10, 23, 12)
  const clock = turnableClock({ speed, startsAt })
  const faults: TestLab['faults'] = {}
  const log: string[] = []
  const address = ownAddress()
  const asked: MachineFaults = {
    ssh: () => {
      const { ssh } = faults
      delete faults.ssh
      return ssh
    },
    boot: () => faults.boot,
  }
  const open = () => createSimMachines({ dir, clock, faults: asked, log: line => void log.push(line) })
  const lab: TestLab = {
    machines: open(),
    clock,
    dir,
    address,
    faults,
    log,
    async boot(userData, options = {}) {
      const { machines } = lab
      await machines.createVolume({ id: 7, sizeGb: 10, format: 'ext4' })
      await machines.create({
        id: 1,
        name: 'demo',
        image: 'ubuntu-24.04',
        architecture: 'x86',
        cores: 2,
        memoryGb: 4,
        userData,
        publicKeys: options.publicKeys ?? [userKey.public],
      })
      await machines.setAddresses(1, { ipv4: address, ipv6: null })
      if (options.volume !== false) await machines.attachVolume(1, 7)
      await machines.start(1)
    },
    async ssh(command, options = {}) {
      const deadline = Date.now() + (options.timeoutMs ?? 8_000)
      while (true) {
        try {
          return await connect(address, options.port ?? 22, command, options.stdin)
        } catch (error) {
          if (Date.now() > deadline) throw error
          await new Promise(resolve => setTimeout(resolve, 20))
        }
      }
    },
    async until(command) {
      const deadline = Date.now() + 10_000
      while (true) {
        const answer = await lab.ssh(command)
        if (answer.code === 0) return answer
        if (Date.now() > deadline) throw new Error(`${command}: ${JSON.stringify(answer)}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    seconds: () => (clock.now() - startsAt) / 1000,
    reopen() {
      lab.machines = open()
      return lab.machines
    },
    async end() {
      await lab.machines.suspend()
      clock.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return lab
}

/** One command over a connection of its own. */
export function connect(host: string, port: number, command: string, stdin?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    client.on('error', reject)
    client.on('close', () => reject(new Error('connection lost')))
    client.on('ready', () => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error)
        const answer: Answer = { out: '', err: '', code: null }
        channel.on('data', (data: Buffer) => {
          answer.out += data.toString('utf8')
        })
        channel.stderr.on('data', (data: Buffer) => {
          answer.err += data.toString('utf8')
        })
        channel.on('exit', (code: number | null) => {
          answer.code = code
        })
        channel.on('close', () => {
          client.end()
          resolve(answer)
        })
        channel.end(stdin ?? '')
      })
    })
    client.connect({ host, port, username: 'root', privateKey: userKey.private, readyTimeout: 5_000 })
  })
}
