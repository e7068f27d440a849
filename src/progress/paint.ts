import { styleText } from 'node:util'

export type Paint = Record<'dim' | 'green' | 'red' | 'cyan', (text?: string) => string>

/** Colours for one stream: plain text where it is no terminal, or where NO_COLOR asks for that. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const style = (format: keyof Paint) => (text?: string) => styleText(format, text ?? '', { stream })
  return { dim: style('dim'), green: style('green'), red: style('red'), cyan: style('cyan') }
}
