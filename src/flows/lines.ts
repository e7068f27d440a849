/** Turns text that comes in pieces into whole lines; empty ones are left out. Call `end` for a last line without a break. */
export function lines(onLine: (line: string) => void): { add(text: string): void; end(): void } {
  let rest = ''
  const say = (line: string) => {
    if (line !== '') onLine(line)
  }
  return {
    add(text) {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      parts.forEach(say)
    },
    end() {
      say(rest)
      rest = ''
    },
  }
}
