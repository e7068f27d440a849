import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cut, CuttingProxy } from './proxy.ts'
import { type Outcome, type Play, Stage } from './stage.ts'

export type Strategy = 'replace' | 'rebuild' | 'recreate'
export const strategies: readonly Strategy[] = ['replace', 'rebuild', 'recreate']

/** What must hold after any swap, and what a running one can be made to suffer. */
export class SwapStage extends Stage {
  #endpoint = ''
  readonly proxy = new CuttingProxy(() => ({ endpoint: this.#endpoint }))
  #entries = 0

  /** A lab with a machine on it, and the proxy between it and whoever looks for it. */
  async begin(flags: readonly string[] = []): Promise<void> {
    await this.startLab(flags)
    const path = join(this.labDir, 'lab.json')
    const info = JSON.parse(readFileSync(path, 'utf8'))
    this.#endpoint = info.endpoint
    writeFileSync(path, JSON.stringify({ ...info, endpoint: await this.proxy.open() }))
    await this.ok('up', '--lab')
  }

  /** The program on the lab, through the proxy. */
  playOn(...args: string[]): Play {
    return this.play(...args, '--lab')
  }

  swap(...args: string[]): Promise<Outcome> {
    return this.playOn('swap', '--yes', ...args).done
  }

  /** As somebody asks for it. */
  flagsFor(strategy: Strategy): string[] {
    return ['--strategy', strategy, ...(strategy === 'recreate' ? ['--confirm', 'cosmos'] : [])]
  }

  /** Kills a swap at a write. @returns false when it had ended before that many */
  async killAtWrite(cut: Cut, flags: readonly string[]): Promise<boolean> {
    const reached = this.proxy.cutAt(cut)
    const play = this.playOn('swap', '--yes', ...flags)
    const hit = await Promise.race([reached.then(() => true), play.done.then(() => false)])
    play.child.kill('SIGKILL')
    await play.done
    this.proxy.heal()
    return hit
  }

  /** Kills a swap as soon as it prints its nth line. @returns the line, or undefined when it had ended before */
  async killAtLine(nth: number, flags: readonly string[]): Promise<string | undefined> {
    this.proxy.heal()
    const play = this.playOn('swap', '--yes', ...flags)
    let count = 0
    let hit: string | undefined
    play.child.stderr?.on('data', (chunk: string) => {
      for (const line of chunk.split('\n')) {
        if (!/^\d\d:\d\d:\d\d (start|\.\.\.|ok) /.test(line)) continue
        count++
        if (count !== nth) continue
        hit = line.slice(9).trim()
        play.child.kill('SIGKILL')
      }
    })
    const { signal } = await play.done
    return signal === 'SIGKILL' ? hit : undefined
  }

  /** Everything the lab wrote down that is no request. */
  get events(): { event?: string }[] {
    const lines = readFileSync(join(this.labDir, 'log.jsonl'), 'utf8').split('\n').filter(Boolean)
    return lines.map(line => JSON.parse(line)).filter(entry => entry.event !== undefined)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the lab's own report
  async volumeReport(): Promise<any> {
    const { endpoint, token } = this.lab
    const url = `${endpoint.replace(/\/v1$/, '/_lab')}/volumes/${this.state.resources.volume}`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    return ((await answer.json()) as { report: unknown }).report
  }

  /** One server of ours, at work, with everything it had; nothing beside it; no byte lost. */
  async assertWhole(): Promise<void> {
    const { servers } = await this.api('GET', '/servers')
    const { volumes } = await this.api('GET', '/volumes')
    const { primary_ips: ips } = await this.api('GET', '/primary_ips')
    const { resources, operation } = this.state
    assert.equal(operation, null)
    assert.deepEqual(
      servers.map((each: { id: number; name: string; status: string }) => [each.id, each.name, each.status]),
      [[resources.server, 'cosmos', 'running']],
    )
    const [server] = servers
    assert.equal(server.public_net.ipv4.ip, resources.address)
    assert.equal(server.public_net.ipv4.id, resources.ipv4)
    assert.equal(server.public_net.ipv6.id, resources.ipv6)
    assert.deepEqual(server.volumes, [resources.volume])
    assert.deepEqual(Object.keys(server.labels).sort(), ['cosmos.dev/cluster', 'cosmos.dev/user-data'])
    assert.deepEqual([volumes.length, ips.length], [1, 2])
    const { state, damage, mountedBy, entries } = await this.volumeReport()
    assert.deepEqual([state, damage, mountedBy], ['intact', [], server.id])
    assert.ok(entries >= this.#entries, `the ledger went from ${this.#entries} to ${entries} entries`)
    assert.ok(entries > 0)
    this.#entries = entries
    assert.deepEqual(
      this.events.filter(each => each.event === 'detached while mounted'),
      [],
    )
  }

  override async close(): Promise<void> {
    await super.close()
    this.proxy.close()
  }
}
