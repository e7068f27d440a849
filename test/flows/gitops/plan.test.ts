import assert from 'node:assert/strict'
import { planFolder, type WantedFile } from '../../../src/flows/gitops/plan.ts'
import { checksum } from '../../../src/flows/gitops/written.ts'

const wanted = (owner: WantedFile['owner'] = 'cosmos'): WantedFile[] => [{ path: 'a', text: 'new', owner }]
const noted = (text: string) => ({ a: checksum(text) })

describe('planFolder', () => {
  for (const [what, existing, written, owner, kind] of [
    ['makes what is missing', undefined, {}, 'cosmos', 'create'],
    ['makes again what was deleted', undefined, noted('old'), 'cosmos', 'create'],
    ['leaves what is as wanted', 'new', {}, 'cosmos', undefined],
    ['changes what nobody edited', 'old', noted('old'), 'cosmos', 'update'],
    ['keeps what was edited', 'mine', noted('old'), 'cosmos', 'edited'],
    ['keeps what was there before', 'mine', {}, 'cosmos', 'edited'],
    ['makes a beginning', undefined, {}, 'you', 'create'],
    ['leaves a beginning that was changed', 'mine', noted('old'), 'you', undefined],
    ['leaves a beginning that a newer cosmos would write otherwise', 'old', noted('old'), 'you', undefined],
    ['leaves a beginning deleted', undefined, noted('old'), 'you', undefined],
  ] as const) {
    it(what, () => {
      const files = new Map(existing === undefined ? [] : [['a', existing]])
      assert.equal(planFolder(wanted(owner), files, written)[0]?.kind, kind)
    })
  }

  it('removes what is no longer wanted, unless it was edited', () => {
    assert.equal(planFolder([], new Map([['a', 'old']]), noted('old'))[0]?.kind, 'remove')
    assert.equal(planFolder([], new Map([['a', 'mine']]), noted('old'))[0]?.kind, 'left')
    assert.deepEqual(planFolder([], new Map([['foreign', 'x']]), {}), [])
    assert.deepEqual(planFolder([], new Map(), noted('old')), [])
  })
})
