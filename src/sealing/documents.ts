import type { Document, LineCounter, Scalar } from 'yaml'
import { UsageError } from '../errors.ts'

/** One document of a manifest file: where it stands and what it says. */
export type ManifestDocument = {
  /** "app.yaml, document 2", for messages. */
  where: string
  /** Index into the file's parts. */
  part: number
  document: Document
  value: unknown
}

/** A manifest file taken apart at its document marks; the parts joined are the file. */
export type ManifestFile = { parts: string[]; documents: ManifestDocument[] }

/** Aliases may repeat a thing, not explode (the "billion laughs"). */
const maxAliasCount = 100

/**
 * Reads YAML or JSON, one document or several. Messages give places, never text: what is read here is secret.
 * @param name of the file, for messages.
 * @throws UsageError `yaml-broken` (with line and column; also duplicate keys), `yaml-tag`, `yaml-aliases`
 */
export async function readDocuments(text: string, name: string): Promise<ManifestFile> {
  const yaml = await import('yaml')
  const parts = splitDocuments(text.replace(/^\uFEFF/, ''))
  const documents: ManifestDocument[] = []
  let line = 0
  for (const [part, source] of parts.entries()) {
    const lineCounter = new yaml.LineCounter()
    const document = yaml.parseDocument(body(source), {
      ...{ lineCounter, prettyErrors: false, logLevel: 'silent', merge: true },
    })
    const where = parts.length > 1 ? `${name}, document ${part + 1}` : name
    refuseTrouble(document, lineCounter, { name, line })
    yaml.visit(document, { Scalar: (_, node) => markAmbiguous(node) })
    const value = plainValue(document, where)
    if (value !== null && value !== undefined) documents.push({ where, part, document, value })
    line += source.split('\n').length - 1
  }
  return { parts, documents }
}

/**
 * Cuts before each `---` at the start of a line and after each `...`: nothing else can stand there in YAML (1.2, c-forbidden).
 * A marker belongs to the part it opens.
 */
function splitDocuments(text: string): string[] {
  return text.split(/^(?=---(?:\s|$))|(?<=^\.\.\.[ \t]*\r?\n)/m).filter(part => part !== '')
}

/** The part with its marker blanked, so that positions stay what they are in the file. */
export function body(part: string): string {
  return part.replace(/^---/, '   ').replace(/^\.\.\.(?=[ \t]*$)/m, '   ')
}

function refuseTrouble(
  document: Document,
  counter: LineCounter,
  { name, line }: { name: string; line: number },
): void {
  const [error] = document.errors
  const [warning] = document.warnings
  const trouble = error ?? warning
  if (trouble === undefined) return
  const position = counter.linePos(trouble.pos[0])
  const place = `${name}:${line + position.line}:${position.col}`
  if (trouble === warning || trouble.code === 'TAG_RESOLVE_FAILED') {
    throw new UsageError(`${place}: a YAML tag that manifests do not have.`, { code: 'yaml-tag' })
  }
  const what =
    trouble.code === 'DUPLICATE_KEY' ? 'the same key twice' : trouble.code.toLowerCase().replaceAll('_', ' ')
  throw new UsageError(`${place}: broken YAML: ${what}.`, { code: 'yaml-broken' })
}

/**
 * A number that would not come back as it is written (0123, 1.10, 1e3) must not pass for text: readers of YAML differ on it.
 * It is replaced by something that no field accepts.
 */
function markAmbiguous(node: Scalar): void {
  if (typeof node.value === 'number' && node.source !== String(node.value)) node.value = { ambiguous: true }
}

function plainValue(document: Document, where: string): unknown {
  try {
    return document.toJS({ maxAliasCount })
  } catch {
    // The library's sentence would quote names out of the file.
    throw new UsageError(`${where}: YAML aliases that repeat too much, or lead nowhere.`, {
      code: 'yaml-aliases',
    })
  }
}
