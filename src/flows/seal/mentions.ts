/** Whether a text may hold a Secret: spares the parsing of files that cannot. */
export function mentionsSecret(text: string): boolean {
  return /kind["']?\s*:\s*["']?Secret\b/.test(text)
}

/** Whether a text may hold a SealedSecret. */
export function mentionsSealedSecret(text: string): boolean {
  return /kind["']?\s*:\s*["']?SealedSecret\b/.test(text)
}
