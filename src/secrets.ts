/**
 * What a secret looks like. A net below the rule that no secret is written down, not a replacement for it.
 * Hetzner tokens are 64 letters and digits (facts §5); neighbours of base64 are ruled out, so that public keys pass.
 */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/,
  /AGE-SECRET-KEY-1[0-9A-Z]+/i,
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,})/,
  /(?<![\w+/=-])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{64}(?![\w+/=-])/,
  /(?<=:\/\/)[^\s/:@]*:[^\s/@]+(?=@)/,
]

/** Whether a text holds something that looks like a secret. */
export function looksSecret(text: string): boolean {
  return shapes.some(shape => shape.test(text))
}

/** The text with everything that looks like a secret taken out. */
export function withoutSecrets(text: string): string {
  return shapes.reduce((rest, shape) => rest.replace(new RegExp(shape, `${shape.flags}g`), '[secret]'), text)
}
