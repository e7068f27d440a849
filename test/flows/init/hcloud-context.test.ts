import assert from 'node:assert/strict'
import { activeHcloudContext, contextIn } from '../../../src/flows/init/hcloud-context.ts'

/** As hcloud 1.5x writes it. */
const written = `active_context = "work"

[preferences]
  poll_interval = "500ms"
  token = "not-a-context"

[[contexts]]
  name = "home"
  token = "token-of-home"

[[contexts]]
  name = "work"
  token = "token-of-work"

  [contexts.preferences]
    endpoint = "https://elsewhere.example"
    token = "not-this-one"
`

describe('the hcloud context', () => {
  it('is the active one', () =>
    assert.deepEqual(contextIn(written), { name: 'work', token: 'token-of-work' }))
  it('is the one asked for', () =>
    assert.deepEqual(contextIn(written, 'home'), { name: 'home', token: 'token-of-home' }))

  const none: [title: string, toml: string][] = [
    ['an empty file', ''],
    ['no active context', '[[contexts]]\nname = "a"\ntoken = "t"'],
    ['an active context that is gone', 'active_context = "b"\n[[contexts]]\nname = "a"\ntoken = "t"'],
    ['a context without token', 'active_context = "a"\n[[contexts]]\nname = "a"'],
    ['an empty name', 'active_context = ""\n[[contexts]]\nname = ""\ntoken = "t"'],
    ['something else', '{"json": true}'],
  ]
  for (const [title, toml] of none) it(`is none in ${title}`, () => assert.equal(contextIn(toml), undefined))

  it('reads single quotes, comments and the order the other way round', () =>
    assert.deepEqual(
      contextIn("active_context='a' # mine\n[[contexts]]\ntoken = 't' # secret\nname = 'a'\r\n"),
      {
        name: 'a',
        token: 't',
      },
    ))

  it('is none where there is no file', async () =>
    assert.equal(await activeHcloudContext({ HCLOUD_CONFIG: '/nonexistent/cli.toml' }), undefined))
})
