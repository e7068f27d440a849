import { InterruptedError } from '../errors.ts'

/** Lets an interruption say where things stand: what was done is written down, and the same command goes on from there. */
export async function resumable<T>(run: Promise<T>, command: string, wrote: boolean): Promise<T> {
  try {
    return await run
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error
    const standing = wrote
      ? 'Interrupted. What was done so far is written down, and the same command goes on from there.'
      : 'Interrupted. Nothing was changed.'
    throw new InterruptedError(standing, { hint: command, cause: error })
  }
}
