import type { Document, LineCounter, Node, Pair, YAMLMap } from 'yaml'

export type Position = { line: number; column: number }
type Path = readonly PropertyKey[]

/** Where the value at a path stands; the key of the nearest parent when it has none. */
export function positionOfValue(document: Document, lines: LineCounter, path: Path): Position {
  const node = nodeAt(document, path)
  if (node?.range) return place(lines, node.range[0])
  return path.length === 0 ? { line: 1, column: 1 } : positionOfKey(document, lines, path)
}

/** Where the last key of a path stands: the place to point at for a key that should not be there or has no value. */
export function positionOfKey(document: Document, lines: LineCounter, path: Path): Position {
  const parents = path.slice(0, -1)
  const parent = nodeAt(document, parents) as Partial<YAMLMap> | undefined
  const pairs = (parent?.items ?? []) as Pair<{ value?: unknown; range?: [number, number, number] }>[]
  const pair = pairs.find(each => String(each.key?.value) === String(path.at(-1)))
  if (pair?.key.range) return place(lines, pair.key.range[0])
  return parents.length === 0 ? positionOfValue(document, lines, []) : positionOfKey(document, lines, parents)
}

function nodeAt(document: Document, path: Path): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  return typeof node === 'object' && node !== null ? (node as Node) : undefined
}

function place(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}
