import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Runs bin/run.js in a Node that says it is another one. */
function runAs(nodeVersion: string, env: NodeJS.ProcessEnv = {}) {
  const claim = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${nodeVersion}' } })`
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(claim)}`,
    join(root, 'bin', 'run.js'),
    '--version',
  ]
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })
}

describe('bin/run.js', () => {
  const least = String(engines.node).replace('>=', '')

  it('goes on in a Node that is new enough', () => {
    for (const good of [least, '22.23.0', '24.0.0']) {
      assert.match(runAs(good).stdout, new RegExp(`^cosmos ${version} \\(node ${good},`))
    }
  })

  it("hands over to the checkout's own Node when started by an old one", () => {
    for (const old of ['18.20.0', '20.20.2', '22.12.0', '22.22.1']) {
      const { stdout, status } = runAs(old)
      assert.match(stdout, new RegExp(`^cosmos ${version} \\(node ${process.versions.node},`))
      assert.equal(status, 0)
    }
  })

  it('says what it needs where there is no other', () => {
    const { stdout, stderr, status } = runAs('20.20.2', { COSMOS_RESPAWNED: '1' })
    assert.equal(stdout, '')
    assert.match(
      stderr,
      new RegExp(`^cosmos needs Node ${least} or newer; this is 20\\.20\\.2 .*\\n→ next: `),
    )
    assert.equal(status, 1)
  })
})
