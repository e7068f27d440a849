/** One import of a source file, as written; `onlyTypes` when nothing of it is left at run time. */
export type Import = { file: string; from: string; onlyTypes: boolean }

const statement =
  /^\s*(?:import|export)\s+(type\s+)?(?:(\{[^}]*\}|\*(?:\s+as\s+\w+)?|[\w$]+(?:\s*,\s*(?:\{[^}]*\}|\*\s+as\s+\w+))?)\s+from\s+)?['"]([^'"]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

/** Every import, re-export and dynamic import in a source text. Comments are not looked into. */
export function importsOf(file: string, text: string): Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  const found: Import[] = []
  for (const [, type, names, from] of code.matchAll(statement)) {
    if (from !== undefined) found.push({ file, from, onlyTypes: type !== undefined || allTypes(names) })
  }
  for (const [, from] of code.matchAll(dynamic)) {
    if (from !== undefined) found.push({ file, from, onlyTypes: false })
  }
  return found
}

/** `{ type A, type B }` */
function allTypes(names: string | undefined): boolean {
  if (names === undefined || !names.startsWith('{')) return false
  const each = names
    .slice(1, -1)
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  return each.length > 0 && each.every(name => name.startsWith('type '))
}
