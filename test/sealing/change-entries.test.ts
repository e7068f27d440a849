import assert from 'node:assert/strict'
import { changeEntries, readDocuments } from '../../src/sealing/index.ts'

const path = ['spec', 'encryptedData']
const cipher = (letter: string) => `Ag${letter.repeat(60)}+/==`

const manifest = `--- # the database
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret   # sealed
metadata: { name: app,   namespace: ns }

spec:
    encryptedData:
        # who
        user: ${cipher('A')} # the user
        "pass word": "${cipher('B')}"

        long: >-
            ${cipher('C')}
        empty:
    template:
        type:   Opaque
`

describe('changing entries of a manifest', () => {
  async function change(text: string, set: Record<string, string>, remove: string[] = []): Promise<string> {
    return changeEntries(text, [{ path, set: new Map(Object.entries(set)), remove }])
  }

  async function entries(text: string): Promise<unknown> {
    const { documents } = await readDocuments(text, 'x')
    const [document] = documents
    return (document?.value as { spec: { encryptedData: unknown } } | undefined)?.spec.encryptedData
  }

  /** Lines that differ, in both directions. */
  const diff = (a: string, b: string) => [
    ...a
      .split('\n')
      .filter(line => !b.split('\n').includes(line))
      .map(line => `-${line}`),
    ...b
      .split('\n')
      .filter(line => !a.split('\n').includes(line))
      .map(line => `+${line}`),
  ]

  it('replaces one value and touches no other line', async () => {
    const changed = await change(manifest, { user: cipher('X') })
    assert.deepEqual(diff(manifest, changed), [
      `-        user: ${cipher('A')} # the user`,
      `+        user: ${cipher('X')} # the user`,
    ])
  })

  it('replaces quoted, folded and missing values', async () => {
    const changed = await change(manifest, {
      'pass word': cipher('X'),
      long: cipher('Y'),
      empty: cipher('Z'),
    })
    assert.deepEqual(await entries(changed), {
      user: cipher('A'),
      'pass word': cipher('X'),
      long: cipher('Y'),
      empty: cipher('Z'),
    })
    assert.match(changed, /# the database\n[\s\S]*# who\n[\s\S]*# the user\n[\s\S]*type: {3}Opaque/)
  })

  it('adds after the last and touches no other line', async () => {
    const text = manifest.replace('        empty:\n', '')
    const changed = await change(text, { neu: cipher('X'), yes: cipher('Y'), 'a b': cipher('Z') })
    assert.deepEqual(diff(text, changed), [
      `+        neu: ${cipher('X')}`,
      `+        "yes": ${cipher('Y')}`,
      `+        "a b": ${cipher('Z')}`,
    ])
  })

  it('adds at the end of a file without line end', async () => {
    const changed = await change(`spec:\n  encryptedData:\n    a: ${cipher('A')}`, { b: cipher('B') })
    assert.equal(changed, `spec:\n  encryptedData:\n    a: ${cipher('A')}\n    b: ${cipher('B')}\n`)
  })

  it('removes one and touches no other line', async () => {
    const changed = await change(manifest, {}, ['user', 'not there'])
    assert.deepEqual(diff(manifest, changed), [`-        user: ${cipher('A')} # the user`])
  })

  it('removes the last, and adds to nothing', async () => {
    const text = `spec:\n  # keep\n  encryptedData:\n    a: ${cipher('A')}\n  template: {}\n`
    assert.deepEqual(await entries(await change(text, {}, ['a'])), {})
    assert.deepEqual(await entries(await change('spec:\n  template: {} # keep\n', { b: cipher('B') })), {
      b: cipher('B'),
    })
    assert.deepEqual(await entries(await change('spec:\n  encryptedData: {}\n', { b: cipher('B') })), {
      b: cipher('B'),
    })
    assert.match(await change('spec:\n  template: {} # keep\n', { b: cipher('B') }), /# keep/)
  })

  it('keeps the marks around a document', async () => {
    const text = `---\nspec:\n  encryptedData: {}\n...\n`
    assert.equal(
      await change(text, { b: cipher('B') }),
      `---\nspec:\n  encryptedData: { b: ${cipher('B')} }\n...\n`,
    )
  })

  it('works on JSON and stays JSON', async () => {
    const text = `${JSON.stringify({ spec: { encryptedData: { a: cipher('A') } } }, null, 2)}\n`
    assert.equal(await change(text, { a: cipher('X') }), text.replace(cipher('A'), cipher('X')))
    assert.deepEqual(JSON.parse(await change(text, { b: cipher('B') })).spec.encryptedData, {
      a: cipher('A'),
      b: cipher('B'),
    })
    assert.deepEqual(JSON.parse(await change(text, {}, ['a'])).spec.encryptedData, {})
  })

  it('keeps Windows line ends readable', async () => {
    const text = `spec:\r\n  encryptedData:\r\n    a: ${cipher('A')}\r\n    b: ${cipher('B')}\r\n`
    assert.deepEqual(await entries(await change(text, { a: cipher('X'), c: cipher('C') })), {
      a: cipher('X'),
      b: cipher('B'),
      c: cipher('C'),
    })
  })

  it('quotes what YAML would take for something else', async () => {
    const changed = await changeEntries('metadata:\n  labels:\n    a: b\n', [
      {
        path: ['metadata', 'labels'],
        set: new Map([
          ['a', 'true'],
          ['b', '1:30'],
          ['c', 'x: y #'],
          ['d', ''],
        ]),
      },
    ])
    const { documents } = await readDocuments(changed, 'x')
    assert.deepEqual(documents[0]?.value, {
      metadata: { labels: { a: 'true', b: '1:30', c: 'x: y #', d: '' } },
    })
  })
})
