import type { Document, LineCounter } from 'yaml'
import { configInvalid, type Problem } from './problem.ts'
import type { Config } from './schema.ts'

/**
 * Reads the text of a `cosmos.yaml`, with all defaults filled in.
 * @param fileName as errors should show it
 * @throws UsageError `config-invalid` with `file:line:column` of every problem. No value of the file occurs in it.
 */
export async function parseConfig(text: string, fileName = 'cosmos.yaml'): Promise<Config> {
  const { LineCounter, parseDocument, visit } = await import('yaml')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const problems: Problem[] = [...document.errors, ...document.warnings].map(error => ({
    ...place(lines, error.pos[0]),
    message: brokenYaml[error.code] ?? lowerFirst(error.message),
  }))
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return
      problems.push({
        ...place(lines, alias.range?.[0] ?? 0),
        message: 'this alias (*name) has no anchor (&name) before it',
      })
    },
  })
  if (problems.length > 0) throw configInvalid(fileName, firstPerLine(problems))
  if (document.contents === null) {
    throw configInvalid(fileName, [{ line: 1, column: 1, message: 'the file is empty' }])
  }
  const { validate } = await import('./validate.ts')
  const result = validate(plainValue(document, fileName), document, lines)
  if ('problems' in result) throw configInvalid(fileName, result.problems)
  return result.config
}

/** The plain value; refuses aliases that expand without end. */
function plainValue(document: Document, fileName: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    throw configInvalid(
      fileName,
      [{ line: 1, column: 1, message: 'the file holds too many aliases (*name)' }],
      cause,
    )
  }
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

/** Our words where the parser's would be no help, or could repeat a value of the file. */
const brokenYaml: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab cannot indent YAML; use spaces',
  DUPLICATE_KEY: 'this key stands in the file twice; keep one',
  TAG_RESOLVE_FAILED: 'unknown YAML tag (!name)',
  MULTIPLE_DOCS: 'a second document (---) begins here; keep one',
  UNEXPECTED_TOKEN: 'this cannot stand here; check quotes, colons and indentation',
  BAD_SCALAR_START: 'text that begins with this character must be quoted',
}

/** One slip makes the parser complain several times about the same line: the first says enough. */
function firstPerLine(problems: readonly Problem[]): Problem[] {
  return problems.filter((problem, index) => problems.findIndex(each => each.line === problem.line) === index)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
