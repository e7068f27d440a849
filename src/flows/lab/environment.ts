/** Lines for a shell. The token opens nothing but a cloud on this machine that is thrown away, so it may be shown. */
export function environmentLines({ endpoint, token }: { endpoint: string; token: string }): string[] {
  return [`export HCLOUD_ENDPOINT=${endpoint}`, `export HCLOUD_TOKEN=${token}`]
}
