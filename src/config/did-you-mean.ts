/** The candidate that a typo most likely meant: at most two edits away (one for short words), a swap of neighbours counts as one. */
export function didYouMean(typed: string, candidates: readonly string[]): string | undefined {
  const allowed = typed.length <= 3 ? 1 : 2
  let best: { word: string; edits: number } | undefined
  for (const word of candidates) {
    const edits = editDistance(typed.toLowerCase(), word.toLowerCase())
    if (edits <= allowed && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { word, edits }
  }
  return best?.word
}

/** Optimal string alignment: insert, delete, replace and swap of two neighbours cost one each. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (same ? 0 : 1),
        swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
  }
  return at(a.length, b.length)
}
