import type { ProgressSink } from './events.ts'
import { plainSink } from './plain.ts'

export function terminalSink(stream: NodeJS.WriteStream): ProgressSink {
  return plainSink(text => stream.write(text))
}
