/** A process that takes the lock of the folder in argv, says so, and goes on until it is killed or told to end by stdin. */
import { acquireLock } from '../../src/state/index.ts'

const [dir = '', command = 'up', rounds = '0'] = process.argv.slice(2)
if (rounds === '0') {
  const lock = await acquireLock(dir, { command })
  process.stdout.write('held\n')
  process.stdin.once('data', () => void lock.release().then(() => process.exit(0)))
} else {
  await contend(Number(rounds))
}

/** Takes and gives back the lock, and fails when it was not alone with it. */
async function contend(times: number): Promise<void> {
  const { mkdir, rmdir } = await import('node:fs/promises')
  let held = 0
  for (let i = 0; i < times; i++) {
    const lock = await acquireLock(dir, { command }).catch(() => undefined)
    if (lock === undefined) continue
    held++
    await mkdir(`${dir}/alone`)
    await rmdir(`${dir}/alone`)
    await lock.release()
  }
  process.stdout.write(`${held}\n`)
}
