import assert from 'node:assert/strict'
import { UsageError } from '../../../src/errors.ts'
import { type Repository, repositoryOf } from '../../../src/flows/init/repository-url.ts'

const token = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz'

describe('repositoryOf', () => {
  const good: [typed: string, repository: Repository][] = [
    ['https://github.com/acme/company', { url: 'https://github.com/acme/company' }],
    [' https://github.com/acme/company.git/ ', { url: 'https://github.com/acme/company.git' }],
    [`https://${token}@github.com/a/b`, { url: 'https://github.com/a/b', token }],
    [`https://me:${token}@github.com/a/b`, { url: 'https://github.com/a/b', username: 'me', token }],
    ['https://me:p%40ss@git.example/a', { url: 'https://git.example/a', username: 'me', token: 'p@ss' }],
    ['https://me@bitbucket.org/a/b', { url: 'https://bitbucket.org/a/b', username: 'me' }],
    ['https://git.example:8443/a', { url: 'https://git.example:8443/a' }],
  ]
  for (const [typed, repository] of good) {
    it(typed.replace(token, 'TOKEN'), () => assert.deepEqual(repositoryOf(typed), repository))
  }

  const ssh: [typed: string, https: string][] = [
    ['git@github.com:acme/company.git', 'https://github.com/acme/company.git'],
    ['ssh://git@github.com/acme/company.git', 'https://github.com/acme/company.git'],
    ['ssh://git@git.example:2222/acme/company', 'https://git.example/acme/company'],
  ]
  for (const [typed, https] of ssh) {
    it(`refuses ${typed} and says the https form`, () =>
      assert.throws(
        () => repositoryOf(typed),
        (error: unknown) =>
          error instanceof UsageError && error.code === 'repository-ssh' && !!error.hint?.includes(https),
      ))
  }

  for (const typed of [
    '',
    'company',
    'http://github.com/a/b',
    'https://github.com',
    '/srv/git/company',
    'file:///srv/git',
  ]) {
    it(`refuses "${typed}"`, () => assert.throws(() => repositoryOf(typed), { code: 'repository-url' }))
  }

  it('never repeats a credential', () => {
    assert.throws(
      () => repositoryOf(`http://me:${token}@github.com/a/b`),
      (error: Error) => !JSON.stringify([error.message, error]).includes(token),
    )
  })
})
