import assert from 'node:assert/strict'
import { watch } from 'node:fs'
import { Stage } from './stage.ts'

/** SSH key, firewall, two addresses, volume, server. */
export const writesOfFreshUp = 6

/** Resolves when the lab has answered that many writing calls. */
export async function afterWrites(stage: Stage, count: number): Promise<void> {
  const reached = () => stage.requests.filter(request => request.method !== 'GET').length >= count
  if (reached()) return
  await new Promise<void>(resolve => {
    const watcher = watch(stage.labDir, () => {
      if (!reached()) return
      watcher.close()
      resolve()
    })
  })
}

export async function assertOneOfEach(stage: Stage): Promise<void> {
  for (const [kind, count] of [
    ['servers', 1],
    ['volumes', 1],
    ['primary_ips', 2],
    ['firewalls', 1],
    ['ssh_keys', 1],
  ] as const) {
    assert.equal((await stage.api('GET', `/${kind}`))[kind].length, count, kind)
  }
  assert.equal(stage.state.operation, null)
  assert.equal((await stage.cosmos('up', '--lab', '--plan')).code, 0)
}

/** Kills a fresh `up` after that many writes, runs it again, and looks for duplicates and left-overs. */
export async function killAndContinue(count: number): Promise<void> {
  const stage = new Stage()
  try {
    await stage.startLab(['--seed', String(count)])
    const play = stage.play('up', '--lab')
    await afterWrites(stage, count)
    play.child.kill('SIGKILL')
    assert.equal((await play.done).signal, 'SIGKILL')
    await stage.ok('up', '--lab')
    await assertOneOfEach(stage)
  } finally {
    await stage.close()
  }
}
