import type { Program } from '../shell/host.ts'
import { awks } from './awk.ts'
import { files } from './files.ts'
import { greps } from './grep.ts'
import { listing } from './listing.ts'
import { seds } from './sed.ts'
import { system } from './system.ts'
import { text } from './text.ts'

/** Programs that need nothing but files, streams, processes and the clock. */
export const basicPrograms: Readonly<Record<string, Program>> = {
  ...files,
  ...listing,
  ...text,
  ...greps,
  ...seds,
  ...awks,
  ...system,
}
