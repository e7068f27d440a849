import { UsageError } from '../errors.ts'

/** One thing that is wrong with `cosmos.yaml`; line and column count from 1. Holds no value of the file, only keys. */
export type Problem = { line: number; column: number; message: string }

/** Every problem at once, each as `file:line:column: what is wrong`, in the order of the file. */
export function configInvalid(fileName: string, problems: readonly Problem[], cause?: unknown): UsageError {
  const lines = [...problems]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(each => `${fileName}:${each.line}:${each.column}: ${each.message}`)
  const [first = ''] = lines
  return new UsageError(lines.length === 1 ? first : `${fileName} has ${lines.length} problems.`, {
    code: 'config-invalid',
    hint: 'Correct it, then look at what would happen: cosmos up --plan',
    cause,
    details: lines.length === 1 ? [] : lines,
  })
}
