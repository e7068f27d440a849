import { stripVTControlCharacters } from 'node:util'

/**
 * One line that a terminal can be given: what a server sends may hold colours, cursor movement or a progress bar that
 * overwrites itself. Of a line with carriage returns only the last state stays.
 */
export function printable(text: string): string {
  const states = stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    .split('\r')
    .filter(state => state !== '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
  return (states.at(-1) ?? '').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trimEnd()
}
