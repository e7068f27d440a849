import type { StepOutline } from './events.ts'
import type { Step } from './step.ts'

/**
 * The steps without their functions. Throws a plain Error when two share an id or one lacks the kebab-case form,
 * because history and JSON readers tell steps apart by it.
 */
export function outline<Context>(steps: readonly Step<Context>[], seen = new Set<string>()): StepOutline[] {
  return steps.map(step => {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(step.id)) throw new Error(`step id '${step.id}' is not kebab-case`)
    if (seen.has(step.id)) throw new Error(`step id '${step.id}' is used twice in one run`)
    seen.add(step.id)
    return {
      id: step.id,
      title: step.title,
      ...(step.parallel ? { parallel: true } : {}),
      ...(step.children === undefined ? {} : { children: outline(step.children, seen) }),
    }
  })
}
