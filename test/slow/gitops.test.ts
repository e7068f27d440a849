import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { apps, GitopsProject } from '../rehearsal/gitops-project.ts'

describe('cosmos gitops', function () {
  this.timeout(120_000)
  const projects: GitopsProject[] = []
  const make = async (...changes: Parameters<typeof GitopsProject.make>): Promise<GitopsProject> => {
    const project = await GitopsProject.make(...changes)
    projects.push(project)
    return project
  }
  after(() => {
    for (const project of projects) project.remove()
  })

  it('init writes a folder that check takes, and a second run changes nothing', async () => {
    const project = await make()
    const first = await project.opened(['gitops', 'init'])
    assert.equal(first.code, 0, first.stderr)
    assert.match(first.stdout, /sealed-secrets\.yaml +new/)
    assert.match(first.stdout, /git add cosmos\/argocd\/apps cosmos\.vault\.age/)
    const checked = await project.cosmos(['gitops', 'check'])
    assert.deepEqual([checked.code, checked.stderr], [0, ''])
    const before = project.app('monitoring/grafana-admin.yaml')
    const second = await project.opened(['gitops', 'init'])
    assert.match(second.stdout, /is as cosmos\.yaml says/)
    assert.equal(project.app('monitoring/grafana-admin.yaml'), before)
    const diff = await project.cosmos(['gitops', 'diff'])
    assert.equal(diff.code, 0, diff.stdout)
  })

  it('seals the password of Grafana that cosmos passwords prints, and writes it nowhere in clear', async () => {
    const project = await make({ domain: 'acme-corp.dev', acme: { email: 'ops@acme-corp.dev' } })
    await project.opened(['gitops', 'init'])
    const { stdout } = await project.opened(['passwords', '--json'])
    const { logins } = JSON.parse(stdout)
    assert.deepEqual(
      logins.map((login: { where: string; url: string }) => [login.where, login.url]),
      [
        ['Argo CD', 'https://argocd.acme-corp.dev'],
        ['Grafana', 'https://grafana.acme-corp.dev'],
      ],
    )
    const unsealed = await project.opened(['unseal', `${apps}/monitoring/grafana-admin.yaml`])
    const { password } = logins[1]
    assert.match(password, /^[\w-]{24}$/)
    assert.equal(parse(unsealed.stdout).stringData['admin-password'], password)
    for (const file of readdirSync(project.path(apps), { recursive: true, encoding: 'utf8' })) {
      if (/\.(yaml|md)$/.test(file)) assert.ok(!project.app(file).includes(password), file)
    }
    const table = await project.opened(['passwords'])
    assert.ok(table.stdout.includes(password))
  })

  it('init --plan writes nothing and ends with 2', async () => {
    const project = await make()
    const vault = project.read('cosmos.vault.age')
    const { code, stdout, stderr } = await project.opened(['gitops', 'init', '--plan'])
    assert.equal(code, 2)
    assert.match(stdout, /monitoring\.yaml +new/)
    assert.match(stderr, /A password for Grafana would be made/)
    assert.ok(!project.has('monitoring.yaml'))
    assert.equal(project.read('cosmos.vault.age'), vault)
  })

  it('keeps an edited file and shows the difference; --overwrite replaces it and shows it, too', async () => {
    const project = await make()
    await project.opened(['gitops', 'init'])
    const original = project.app('sealed-secrets.yaml')
    project.put('sealed-secrets.yaml', original.replace('2.18.5', '2.17.1'))
    const kept = await project.opened(['gitops', 'init', '--yes'])
    assert.equal(kept.code, 0)
    assert.match(kept.stdout, /sealed-secrets\.yaml +edited by you, kept/)
    assert.match(kept.stdout, /^- {4}targetRevision: 2\.17\.1$/m)
    assert.match(kept.stdout, /^\+ {4}targetRevision: 2\.18\.5$/m)
    assert.match(kept.stderr, /--overwrite/)
    assert.match(project.app('sealed-secrets.yaml'), /2\.17\.1/)
    assert.equal((await project.cosmos(['gitops', 'diff'])).code, 2)
    const replaced = await project.opened(['gitops', 'init', '--overwrite'])
    assert.match(replaced.stdout, /^- {4}targetRevision: 2\.17\.1$/m)
    assert.equal(project.app('sealed-secrets.yaml'), original)
  })

  it('follows cosmos.yaml where nobody edited: a larger volume, no monitoring', async () => {
    const project = await make()
    await project.opened(['gitops', 'init'])
    project.declare({ volume: { sizeGb: 100 } })
    assert.match((await project.cosmos(['gitops', 'diff'])).stdout, /\+ {4}storage: 40Gi/)
    await project.opened(['gitops', 'init'])
    assert.match(project.app('storage/volumes.yaml'), /storage: 40Gi/)
    project.declare({ apps: { monitoring: false } })
    const refused = await project.opened(['gitops', 'init'])
    assert.equal(refused.code, 3)
    assert.ok(project.has('monitoring.yaml'))
    const removed = await project.opened(['gitops', 'init', '--yes'])
    assert.equal(removed.code, 0, removed.stderr)
    assert.ok(!project.has('monitoring.yaml') && !project.has('monitoring'))
    assert.ok(project.has('sealed-secrets.yaml'))
  })

  it('leaves beginnings alone once they are there, also when they were deleted', async () => {
    const project = await make({ apps: { images: [{ application: 'web', image: 'ghcr.io/acme/web' }] } })
    await project.opened(['gitops', 'init'])
    project.put('web/kustomization.yaml', project.app('web/kustomization.yaml').replace('"1"', '"42"'))
    rmSync(project.path(`${apps}/example`), { recursive: true })
    rmSync(project.path(`${apps}/example.yaml`))
    const again = await project.opened(['gitops', 'init'])
    assert.match(again.stdout, /is as cosmos\.yaml says/)
    assert.match(project.app('web/kustomization.yaml'), /newTag: "42"/)
    assert.ok(!project.has('example.yaml'))
    assert.equal((await project.cosmos(['gitops', 'check'])).code, 0)
  })

  it('takes over a folder with foreign files without touching them', async () => {
    const project = await make()
    project.put(
      'mine.yaml',
      stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine', namespace: 'default' } }),
    )
    project.put('storage.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: storage}\n')
    const { code, stdout } = await project.opened(['gitops', 'init'])
    assert.equal(code, 0)
    assert.match(stdout, /storage\.yaml +edited by you, kept/)
    assert.match(project.app('storage.yaml'), /ConfigMap/)
    assert.match(project.app('mine.yaml'), /mine/)
  })

  it('seals anew when a key was rotated, and nothing else changes', async () => {
    const project = await make()
    await project.opened(['gitops', 'init'])
    await project.opened(['key', 'rotate', '--yes'])
    const { stdout } = await project.opened(['gitops', 'init', '--json'])
    const result = JSON.parse(stdout)
    assert.deepEqual(result.written, ['monitoring/grafana-admin.yaml'])
  })

  for (const [what, git, code, words] of [
    ['a credential in the URL', { url: 'https://x:ghp_SECRET@github.com/a/b' }, 2, /carries a credential/],
    ['an SSH URL', { url: 'git@github.com:a/b.git' }, 2, /https/],
    ['a path outside the repository', { path: '../elsewhere' }, 2, /inside the repository/],
    ['an absolute path', { path: '/etc' }, 2, /inside the repository/],
  ] as const) {
    it(`refuses ${what}, and does not repeat a secret`, async () => {
      const project = await make({ git: { url: 'https://github.com/a/b', ...git } })
      const ended = await project.opened(['gitops', 'init'])
      assert.equal(ended.code, code)
      assert.match(ended.stderr, words)
      assert.doesNotMatch(ended.stdout + ended.stderr, /SECRET/)
    })
  }

  it('refuses a link that leads out of the repository', async () => {
    const project = await make({ git: { url: 'https://github.com/a/b', path: 'deploy' } })
    const outside = mkdtempSync(join(tmpdir(), 'cosmos-outside-'))
    symlinkSync(outside, project.path('deploy'))
    const { code, stderr } = await project.opened(['gitops', 'init'])
    assert.equal(code, 3)
    assert.match(stderr, /leads out of the repository/)
    assert.deepEqual(readdirSync(outside), [])
    rmSync(outside, { recursive: true })
  })

  it('warns of a domain that is none and an e-mail that ACME refuses', async () => {
    const project = await make({ domain: 'server.local', acme: { email: 'ops@example.com' } })
    const { code, stderr } = await project.opened(['gitops', 'init'])
    assert.equal(code, 0)
    assert.match(stderr, /server\.local is no name that the Internet can look up/)
    assert.match(stderr, /Let's Encrypt refuses addresses at example\.com/)
  })

  it('asks for a token where images are followed without one, and for another name where it is taken', async () => {
    const project = await make({ apps: { images: [{ application: 'storage', image: 'ghcr.io/acme/web' }] } })
    const { code, stderr } = await project.opened(['gitops', 'init'])
    assert.equal(code, 2)
    assert.match(stderr, /the name storage is taken/)
  })

  it('has no use for the lab, and says so', async () => {
    const project = await make()
    const { code, stderr } = await project.cosmos(['gitops', 'check', '--lab'])
    assert.equal(code, 2)
    assert.match(stderr, /without --lab/)
  })

  it('check without a folder says how to make one', async () => {
    const project = await make()
    const { code, stderr } = await project.cosmos(['gitops', 'check'])
    assert.equal(code, 2)
    assert.match(stderr, /cosmos gitops init/)
  })

  it('check finds what Argo CD would silently get wrong, and ends with 1', async () => {
    const project = await make()
    await project.opened(['gitops', 'init'])
    project.put('sealed-secrets.yaml', project.app('sealed-secrets.yaml').replace('period: "0"', 'period: 0'))
    project.put(
      'storage/secret.yaml',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: SECRET}\n',
    )
    const { code, stderr } = await project.cosmos(['gitops', 'check'])
    assert.equal(code, 1)
    assert.match(stderr, /keyrenewperiod must be the text "0"/)
    assert.match(stderr, /Secret s is not sealed/)
    assert.doesNotMatch(stderr, /SECRET/)
  })
})
