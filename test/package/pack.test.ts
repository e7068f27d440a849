import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** What a user gets: packed, and installed into an empty folder, without anything of the checkout but its Node. */
describe('the published package', function () {
  this.timeout(300_000)
  let folder: string
  let packed: { filename: string; files: { path: string; mode: number }[] }

  const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) }
  const run = (program: string, args: string[], cwd = folder) =>
    execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const cosmos = (...args: string[]) => run(join(folder, 'node_modules', '.bin', 'cosmos'), args)

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cosmos-pack-'))
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const answer = run('npm', ['pack', '--json', '--pack-destination', folder], root)
    const [first] = JSON.parse(answer.slice(answer.indexOf('[\n')))
    packed = first
    run('npm', ['install', '--no-audit', '--no-fund', join(folder, packed.filename)])
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('holds the program and its papers, and nothing of the workshop', () => {
    const paths = packed.files.map(file => file.path)
    for (const path of [
      'bin/run.js',
      'dist/cli/main.js',
      'oclif.manifest.json',
      'npm-shrinkwrap.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ]) {
      assert(paths.includes(path), `${path} is missing`)
    }
    assert.deepEqual(
      paths.filter(
        path =>
          !path.startsWith('node_modules/') && /^(src|test|scripts|bench|docs)\/|\.ts$|bin\/dev/.test(path),
      ),
      [],
    )
  })

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    assert.equal(
      cosmos('--version'),
      `cosmos ${version} (node ${process.versions.node}, ${process.platform} ${process.arch})\n`,
    )
  })

  it('lists its commands, and explains each', () => {
    const help = cosmos('--help')
    const commands: Record<string, { hidden?: boolean }> = JSON.parse(
      readFileSync(join(root, 'oclif.manifest.json'), 'utf8'),
    ).commands
    for (const [id, { hidden }] of Object.entries(commands)) {
      const name = id.replaceAll(':', ' ')
      if (!hidden) assert.match(help, new RegExp(`^ {2}${name} {2}`, 'm'))
      assert.match(cosmos(...id.split(':'), '--help'), /USAGE\n {2}\$ cosmos /)
    }
  })

  it('brings up a machine on the lab, with the lab that is in the package', () => {
    try {
      assert.match(cosmos('up', '--lab'), /cosmos is up at 127\.\d+\.\d+\.\d+/)
      assert.match(cosmos('status', '--lab'), /Root +Synced/)
      cosmos('down', '--lab', '--volume', '--addresses', '--yes', '--confirm', 'cosmos')
    } finally {
      cosmos('lab', 'stop')
    }
  })

  it('brings the HTTP client that the lock file names, also below the API client', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'npm-shrinkwrap.json'), 'utf8'))
    const found = globSync('**/node_modules/axios/package.json', { cwd: folder })
    const versions = found.map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')).version)
    assert.deepEqual(versions, [packages['node_modules/axios'].version])
  })
})

describe('the lock file', () => {
  it('names no place to download from', () => {
    assert.doesNotMatch(
      readFileSync(join(root, 'npm-shrinkwrap.json'), 'utf8'),
      /"resolved"|https?:\/\/[^"]*\.tgz/,
    )
  })
})
