/**
 * `cosmos seal` against `kubeseal` on this machine, in turn: `node bench/seal.ts [ROUNDS]`, after `npm run build`, with kubeseal in PATH.
 * One secret is the whole process; a thousand are one process of cosmos, a process of kubeseal per secret, and one of kubeseal for all.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSealingKey } from '../src/sealing/index.ts'
import { median, ratio, type Series, sideBySide } from './measure.ts'

const many = 1000
const rounds = Number(process.argv[2] ?? 11)
const cosmos = [process.execPath, join(import.meta.dirname, '..', 'bin', 'run.js')]
const dir = mkdtempSync(join(tmpdir(), 'cosmos-bench-'))
try {
  const key = await generateSealingKey({ notBefore: new Date() })
  writeFileSync(join(dir, 'cosmos.yaml'), 'name: bench\n')
  writeFileSync(join(dir, 'cosmos.sealing.crt'), key.certificate)
  for (let index = 0; index < many; index++) writeFileSync(join(dir, `s${index}.yaml`), secret(index))
  writeFileSync(
    join(dir, 'many.yaml'),
    Array.from({ length: many }, (_, index) => `---\n${secret(index)}`).join(''),
  )

  const kubeseal = ['kubeseal', '--cert', 'cosmos.sealing.crt', '-o', 'yaml']
  const one = sideBySide(
    {
      'kubeseal, 1': [...kubeseal, '-f', 's0.yaml', '-w', 'out.yaml'],
      'cosmos seal, 1': [...cosmos, 'seal', 's0.yaml', '-o', 'out.yaml'],
      'node -e 0': [process.execPath, '-e', '0'],
    },
    rounds,
    dir,
  )
  const loop = `i=0; while [ $i -lt ${many} ]; do ${kubeseal.join(' ')} -f s$i.yaml -w out.yaml || exit 1; i=$((i+1)); done`
  const bulk = sideBySide(
    {
      [`kubeseal × ${many}`]: ['sh', '-c', loop],
      [`cosmos seal, ${many}`]: [...cosmos, 'seal', 'many.yaml', '-o', 'out.yaml'],
      [`kubeseal, ${many} in one`]: [...kubeseal, '-f', 'many.yaml', '-w', 'out.yaml'],
    },
    Math.min(rounds, 3),
    dir,
  )
  report('one secret', one)
  report(`${many} secrets of two values`, bulk)
} finally {
  rmSync(dir, { recursive: true })
}

function secret(index: number): string {
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s${index}\n  namespace: ns\nstringData:\n  user: app\n  password: value-${index}\n`
}

function report(title: string, series: readonly Series[]): void {
  const [first] = series
  console.log(`${title}: milliseconds of the whole process, ${first?.ms.length} rounds in turn`)
  for (const each of series) {
    const times = first === undefined ? Number.NaN : ratio(each, first)
    const line = [Math.min(...each.ms), median(each.ms), Math.max(...each.ms)]
      .map(ms => ms.toFixed(0).padStart(7))
      .join('')
    console.log(`${each.name.padEnd(24)}${line}   × ${times.toFixed(2)} of ${first?.name}`)
  }
}
