import type { Format, Scope } from '../../sealing/index.ts'

/** What `cosmos seal` was asked, apart from how it is run. */
export type SealOptions = {
  /** A file, a folder, `-`, or the name of a secret to be made. */
  input: string | undefined
  name: string | undefined
  namespace: string | undefined
  scope: Scope | undefined
  type: string | undefined
  labels: readonly string[]
  literals: readonly string[]
  files: readonly string[]
  cert: string | undefined
  format: Format | undefined
  output: string | undefined
  allowEmpty: boolean
}
