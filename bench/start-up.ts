/** Start-up of cosmos against an empty program of the same Node: `node bench/start-up.ts [ROUNDS]`, after `npm run build`. */
import { join } from 'node:path'
import { median, ratio, sideBySide } from './measure.ts'

const root = join(import.meta.dirname, '..')
const run = join(root, 'bin', 'run.js')
const rounds = Number(process.argv[2] ?? 21)
const node = process.execPath

const series = sideBySide(
  {
    'node -e 0': [node, '-e', '0'],
    'cosmos --version': [node, run, '--version'],
    'cosmos --help': [node, run, '--help'],
    'cosmos up --help': [node, run, 'up', '--help'],
    cosmos: [node, run],
  },
  rounds,
  '/tmp',
)
const [base] = series
console.log(`${rounds} rounds in turn, Node ${process.versions.node}; milliseconds of the whole process`)
console.log(
  `${'command'.padEnd(18)} ${'min'.padStart(7)} ${'median'.padStart(7)} ${'max'.padStart(7)}  ratio to node -e 0`,
)
for (const each of series) {
  const figures = [Math.min(...each.ms), median(each.ms), Math.max(...each.ms)].map(value =>
    value.toFixed(0).padStart(7),
  )
  console.log(`${each.name.padEnd(18)} ${figures.join(' ')}  ${base ? ratio(each, base).toFixed(2) : ''}`)
}
