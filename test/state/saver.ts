/** A process that saves ever new states into the folder in argv, until it is killed. */
import { openState } from '../../src/state/index.ts'

const [dir = ''] = process.argv.slice(2)
const store = openState(dir)
for (let i = 1; ; i++) {
  const journal = Array.from({ length: 200 }, () => ({
    at: '',
    effect: `create server ${i}`,
    status: 'done' as const,
  }))
  const operation = { kind: 'up' as const, run: String(i), startedAt: '', journal }
  await store.save({
    version: 1,
    cluster: 'acme',
    endpoint: '',
    resources: { server: i },
    made: null,
    operation,
  })
  if (i === 1) process.stdout.write('saved\n')
}
