/** Calls an asynchronous function at most once; everybody gets the same answer. A failure is not remembered. */
export function once<T>(run: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= run().catch((error: unknown) => {
      answer = undefined
      throw error
    })
    return answer
  }
}
