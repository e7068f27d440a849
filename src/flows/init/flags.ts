/** What was said on the command line, in the words of the command line; everything may be missing. */
export type InitFlags = {
  name?: string | undefined
  location?: string[] | undefined
  type?: string[] | undefined
  'volume-size'?: number | undefined
  allow?: string[] | undefined
  repository?: string | undefined
  branch?: string | undefined
  path?: string | undefined
  domain?: string | undefined
  email?: string | undefined
  'ssh-key'?: string | undefined
  recipient?: string[] | undefined
  'token-env': string
  'store-token'?: boolean | undefined
  force: boolean
}
