import type { SwapRecord } from '../../state/state.ts'

export type Strategy = SwapRecord['strategy']

/** One step of a swap as the plan tells it. */
export type Chapter = {
  /** Id of the step that is run. */
  id: string
  title: string
  /** Nobody is served meanwhile. */
  outage: boolean
  /** What the API will be asked. */
  asks: readonly string[]
}

const chapter = (id: string, title: string, outage: boolean, ...asks: string[]): Chapter => ({
  id,
  title,
  outage,
  asks,
})

const release = chapter('release-volume', 'Release the volume', true)
const checkOld = chapter('check-old', 'Look whether the server answers', false)
const deleteOld = (outage: boolean) =>
  chapter('delete-old', 'Delete the old server', outage, 'DELETE /servers/{id}')
const wait = chapter('wait-node', 'Wait for the node to be Ready', true)
const healthy = chapter('wait-root', 'Wait for Argo CD and the root Application', false)
const claims = chapter('check-claims', 'Check claims and sealed secrets', false)
const inventory = chapter('inventory', 'Look for what is left over', false)

/** What each strategy does, in its order. Titles and ids are those of the steps that are run. */
export const stories: Record<Strategy, readonly Chapter[]> = {
  replace: [
    checkOld,
    chapter(
      'create-spare',
      'Create the new server beside the old one',
      false,
      'POST /primary_ips',
      'POST /servers',
    ),
    chapter('prepare-spare', 'Let the new server prepare itself', false),
    chapter(
      'park-spare',
      'Park the new server',
      false,
      'POST /servers/{id}/actions/shutdown',
      'POST /primary_ips/{id}/actions/unassign',
      'DELETE /primary_ips/{id}',
    ),
    release,
    chapter('power-off-old', 'Power off the old server', true, 'POST /servers/{id}/actions/poweroff'),
    chapter(
      'move',
      'Move volume and addresses',
      true,
      'POST /volumes/{id}/actions/detach',
      'POST /volumes/{id}/actions/attach',
      'POST /primary_ips/{id}/actions/unassign',
      'POST /primary_ips/{id}/actions/assign',
    ),
    chapter('power-on-new', 'Power on the new server', true, 'POST /servers/{id}/actions/poweron'),
    wait,
    healthy,
    claims,
    deleteOld(false),
    chapter('take-name', 'Give the new server its name', false, 'PUT /servers/{id}'),
    inventory,
  ],
  rebuild: [
    checkOld,
    release,
    chapter(
      'rebuild-server',
      'Rebuild the server',
      true,
      'POST /servers/{id}/actions/rebuild',
      'PUT /servers/{id}',
    ),
    wait,
    healthy,
    claims,
    inventory,
  ],
  recreate: [
    checkOld,
    release,
    chapter('detach-volume', 'Detach the volume', true, 'POST /volumes/{id}/actions/detach'),
    deleteOld(true),
    chapter('create-server', 'Create server', true, 'POST /servers'),
    wait,
    healthy,
    claims,
    inventory,
  ],
}

/** The title of a step, as the plan shows it. */
export function titleOf(strategy: Strategy, id: string): string {
  const found = stories[strategy].find(each => each.id === id)
  if (found === undefined) throw new Error(`"${id}" is no step of ${strategy}`)
  return found.title
}
