import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findConfig, loadConfig } from '../../src/config/index.ts'

describe('finding and loading cosmos.yaml', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cosmos-config-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it('a missing file says how to make one', async () => {
    await assert.rejects(loadConfig(join(dir, 'cosmos.yaml')), {
      code: 'config-missing',
      exitCode: 2,
      hint: /cosmos init.*cosmos up --lab/,
    })
  })

  it('a folder in its place is told as what it is', async () => {
    mkdirSync(join(dir, 'cosmos.yaml'))
    await assert.rejects(loadConfig(join(dir, 'cosmos.yaml')), { code: 'config-unreadable' })
  })

  it('errors name the file that was asked for', async () => {
    writeFileSync(join(dir, 'cosmos.yaml'), 'name: [')
    await assert.rejects(loadConfig(join(dir, 'cosmos.yaml')), {
      message: new RegExp(`^${join(dir, 'cosmos.yaml')}:1:`),
    })
  })

  it('walks up to the root of the repository, and no further', async () => {
    const repository = join(dir, 'repository')
    const below = join(repository, 'a', 'b')
    mkdirSync(join(repository, '.git'), { recursive: true })
    mkdirSync(below, { recursive: true })
    writeFileSync(join(dir, 'cosmos.yaml'), '')
    assert.equal(await findConfig(below), undefined)
    writeFileSync(join(repository, 'cosmos.yaml'), '')
    assert.equal(await findConfig(below), join(repository, 'cosmos.yaml'))
    writeFileSync(join(repository, 'a', 'cosmos.yaml'), '')
    assert.equal(await findConfig(below), join(repository, 'a', 'cosmos.yaml'))
  })

  it('looks nowhere else outside a repository', async () => {
    mkdirSync(join(dir, 'a'))
    writeFileSync(join(dir, 'cosmos.yaml'), '')
    assert.equal(await findConfig(join(dir, 'a')), undefined)
    assert.equal(await findConfig(dir), join(dir, 'cosmos.yaml'))
  })
})
