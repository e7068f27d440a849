/** Record separator, U+001E: occurs in no text that the commands below print. */
const separator = '\u001e'

/** Commands whose outputs come back as named sections of one answer, whatever their exit codes. */
export function sectionsCommand(commands: Record<string, string>): string {
  const parts = Object.entries(commands).map(
    ([name, command]) => `printf '\\036${name}\\n'; { ${command}; } 2>/dev/null || true`,
  )
  return parts.join('; ')
}

/** The outputs by name; one that was not printed is empty. */
export function parseSections(stdout: string): Record<string, string> {
  const sections: Record<string, string> = {}
  for (const part of stdout.split(separator).slice(1)) {
    const end = part.indexOf('\n')
    sections[part.slice(0, end)] = part.slice(end + 1)
  }
  return sections
}

/** JSON as a record, or undefined where there is none. */
export function parseJson(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined || text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
