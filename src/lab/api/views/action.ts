import type { Action } from '../../../hetzner/wire.ts'
import type { ActionRecord } from '../../store/index.ts'
import { progressOf } from '../actions.ts'
import type { Cloud } from '../cloud.ts'
import { timeOf } from './time.ts'

export function actionView({ clock }: Cloud, action: ActionRecord): Action {
  return {
    id: action.id,
    command: action.command,
    status: action.status,
    progress: progressOf(action, clock.now()),
    started: timeOf(action.startedAt),
    finished: action.finishedAt === null ? null : timeOf(action.finishedAt),
    resources: action.resources,
    error: action.error,
  }
}
