import { stripVTControlCharacters } from 'node:util'

/** Left-aligned columns two blanks apart, without a border; colours do not count as width. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell))
  }
  return rows.map(row =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function width(cell: string): number {
  return [...stripVTControlCharacters(cell)].length
}

function pad(cell: string, to: number): string {
  return cell + ' '.repeat(to - width(cell))
}
