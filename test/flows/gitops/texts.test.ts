import assert from 'node:assert/strict'
import { configConcerns } from '../../../src/flows/gitops/concerns.ts'
import { lineDiff } from '../../../src/flows/gitops/line-diff.ts'
import { checksum, parseWritten, writtenText } from '../../../src/flows/gitops/written.ts'
import { config } from '../../fixtures/cloud.ts'

describe('lineDiff', () => {
  const numbers = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`)
  const text = (lines: readonly string[]) => `${lines.join('\n')}\n`

  it('shows a change with three lines around it', () => {
    const after = numbers.with(5, 'changed')
    assert.deepEqual(lineDiff('a.yaml', text(numbers), text(after)), [
      ...['--- a.yaml', '+++ a.yaml (cosmos)', '@@ line 3 @@'],
      ...[' line 3', ' line 4', ' line 5', '-line 6', '+changed', ' line 7', ' line 8', ' line 9'],
    ])
  })

  it('shows changes far from each other apart', () => {
    const after = numbers.with(0, 'first').toSpliced(11, 1)
    const marks = lineDiff('a', text(numbers), text(after)).filter(line => line.startsWith('@@'))
    assert.deepEqual(marks, ['@@ line 1 @@', '@@ line 9 @@'])
  })

  for (const [before, after, lines] of [
    ['', 'a\n', ['+a']],
    ['a\n', '', ['-a']],
    ['a\nb\n', 'b\na\n', ['-a', ' b', '+a']],
    ['a\n', 'a\n', []],
  ] as const) {
    it(`turns ${JSON.stringify(before)} into ${JSON.stringify(after)}`, () => {
      const shown = lineDiff('x', before, after).slice(2)
      assert.deepEqual(
        shown.filter(line => !line.startsWith('@@')),
        lines,
      )
    })
  }

  it('cuts ciphertext short', () => {
    assert.ok(lineDiff('x', 'a', 'b'.repeat(5000)).every(line => line.length < 200))
  })
})

describe('the note of what cosmos wrote', () => {
  it('comes back as it was', () => {
    const written = { 'b/c.yaml': checksum('1'), 'a.yaml': checksum('2') }
    assert.deepEqual(parseWritten(writtenText(written)), written)
    assert.deepEqual(parseWritten(undefined), {})
  })

  it('is refused with marks of a merge in it', () => {
    assert.throws(() => parseWritten('<<<<<<< HEAD\n'), { code: 'gitops-written' })
  })
})

describe('configConcerns', () => {
  const concerns = (changes: Parameters<typeof config>[0]) => configConcerns(config(changes)).join('\n')
  const acme = (email: string) => ({ domain: 'acme-corp.dev', acme: { email } })

  it('has none about what is right', () => {
    assert.equal(concerns(acme('ops@acme-corp.dev')), '')
    assert.equal(concerns({}), '')
  })

  for (const domain of ['localhost', 'server.local', 'a.internal', '203.0.113.7', 'cluster.test', 'one'])
    it(`takes ${domain} for no domain of the Internet`, () => assert.match(concerns({ domain }), /^domain:/))

  for (const email of ['ops@example.com', 'ops@mail.example.org', 'ops@server.local'])
    it(`knows that ${email} is refused`, () => assert.match(concerns(acme(email)), /refuses addresses at/))

  it('misses a domain for certificates', () => {
    assert.match(concerns({ acme: { email: 'ops@acme-corp.dev' } }), /nothing asks for a certificate/)
  })

  it('knows that other hosts have no access to ghcr.io', () => {
    const apps = { images: [{ application: 'web', image: 'ghcr.io/acme/web' }] }
    assert.match(concerns({ apps, git: { url: 'https://gitlab.com/a/b' } }), /not at GitHub/)
  })
})
