type Line = { mark: ' ' | '-' | '+'; text: string; before: number; after: number }

const context = 3
const longest = 160

/** The difference of two texts as people read it, with three lines around each change. Long lines are cut. */
export function lineDiff(path: string, before: string, after: string): string[] {
  const lines = compare(linesOf(before), linesOf(after))
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(line => line.mark !== ' '),
  )
  const out = [`--- ${path}`, `+++ ${path} (cosmos)`]
  for (const [index, line] of lines.entries()) {
    if (!near[index]) continue
    if (!near[index - 1]) out.push(`@@ line ${line.before} @@`)
    out.push(`${line.mark}${line.text.length > longest ? `${line.text.slice(0, longest)}…` : line.text}`)
  }
  return out
}

function linesOf(text: string): string[] {
  if (text === '') return []
  return text.replace(/\n$/, '').split('\n')
}

/** Longest common subsequence: files here have some hundred lines. What is equal at both ends is set aside first. */
function compare(a: readonly string[], b: readonly string[]): Line[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)]
  const common = lengths(left, right)
  const lines: Line[] = a.slice(0, head).map((text, i) => ({ mark: ' ', text, before: i + 1, after: i + 1 }))
  let [i, j] = [0, 0]
  const add = (mark: Line['mark'], text: string) =>
    lines.push({ mark, text, before: head + i + 1, after: head + j + 1 })
  while (i < left.length || j < right.length) {
    const [one, other] = [left[i], right[j]]
    if (one !== undefined && one === other) {
      add(' ', one)
      i++
      j++
    } else if (one !== undefined && (other === undefined || at(common, i + 1, j) >= at(common, i, j + 1))) {
      add('-', one)
      i++
    } else {
      add('+', other ?? '')
      j++
    }
  }
  for (const text of a.slice(a.length - tail)) {
    add(' ', text)
    i++
    j++
  }
  return lines
}

/** Length of the longest common subsequence of every pair of tails. */
function lengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i] ?? []
      row[j] =
        a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  }
  return table
}

function at(table: readonly number[][], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}
