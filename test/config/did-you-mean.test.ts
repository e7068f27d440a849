import assert from 'node:assert/strict'
import { didYouMean } from '../../src/config/did-you-mean.ts'

const words = ['name', 'locations', 'server', 'volume', 'network', 'acme', 'git', 'ssh', 'k3s', 'argocd']

describe('didYouMean', () => {
  const cases: [typed: string, meant: string | undefined][] = [
    ['nmae', 'name'],
    ['location', 'locations'],
    ['Server', 'server'],
    ['volumes', 'volume'],
    ['netwrok', 'network'],
    ['gti', 'git'],
    ['k8s', 'k3s'],
    ['argo', 'argocd'],
    ['xyz', undefined],
    ['completely', undefined],
  ]
  for (const [typed, meant] of cases)
    it(`${typed} → ${meant}`, () => assert.equal(didYouMean(typed, words), meant))
})
