#!/usr/bin/env node
// The start of the program. Read by every Node, also by too old ones: no static import of anything young, no top-level await
// before the check.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const pinned = join(root, 'node_modules', 'node', 'bin', 'node')
const needed = [22, 22, 2]

if (isEnough(process.versions.node)) {
  module.enableCompileCache?.()
  start()
} else if (existsSync(pinned) && process.env.COSMOS_RESPAWNED === undefined) {
  runWith(pinned)
} else {
  process.stderr.write(
    `cosmos needs Node ${needed.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      '→ next: install a current Node 22 or 24, then run the same command again\n',
  )
  process.exit(1)
}

function isEnough(version) {
  const have = version.split('.').map(Number)
  for (const [place, least] of needed.entries()) {
    if (have[place] !== least) return have[place] > least
  }
  return true
}

async function start() {
  delete process.env.COSMOS_RESPAWNED
  const words = process.argv.slice(2)
  const { lastWord, leave } = await import('./last-word.js')
  lastWord()
  if (words.length === 1 && words[0] === '--version') {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    process.stdout.write(
      `cosmos ${version} (node ${process.versions.node}, ${process.platform} ${process.arch})\n`,
    )
  } else if (words.length === 1 && ['--help', '-h', 'help'].includes(words[0])) {
    const { rootHelp } = await import('../dist/cli/root-help.js')
    process.stdout.write(rootHelp(root, Math.min(process.stdout.columns || 80, 120)))
  } else {
    const { main } = await import('../dist/cli/main.js')
    await main(words, root)
  }
  leave()
}

// The same command line again, with the Node of this checkout. Signals are passed on, the exit code comes back.
function runWith(node) {
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, COSMOS_RESPAWNED: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    process.stderr.write(`cosmos could not start ${node}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('close', (code, signal) => process.exit(code === null ? 128 + constants.signals[signal] : code))
}
