import type { Config } from '../../config/index.ts'

/** Names that no certificate is ever issued for. Sources: RFC 2606, RFC 6761, RFC 6762. */
const reserved = [
  'test',
  'example',
  'invalid',
  'localhost',
  'local',
  'internal',
  'home',
  'lan',
  'onion',
  'arpa',
]
const examples = ['example.com', 'example.net', 'example.org']

/** What the schema of cosmos.yaml lets pass and the world outside does not take, a sentence each. */
export function configConcerns({ domain, acme, git, apps }: Config): string[] {
  const concerns: string[] = []
  if (domain !== undefined && !isPublicDomain(domain))
    concerns.push(
      `domain: ${domain} is no name that the Internet can look up, so there will be no certificate.`,
    )
  if (acme !== undefined) {
    const host = acme.email.split('@').at(-1) ?? ''
    // Let's Encrypt answers "contact email has forbidden domain" (Boulder, policy on contacts).
    if (!isPublicDomain(host) || examples.some(each => host === each || host.endsWith(`.${each}`)))
      concerns.push(`acme.email: Let's Encrypt refuses addresses at ${host}.`)
    if (domain === undefined) concerns.push('acme: without domain nothing asks for a certificate.')
  }
  if (apps.images.length > 0 && !/\/\/[^/]*github\.com\//.test(git.url))
    concerns.push(
      'apps.images: the token for the repository also reads ghcr.io; this repository is not at GitHub.',
    )
  return concerns
}

function isPublicDomain(name: string): boolean {
  const parts = name.toLowerCase().split('.')
  const last = parts.at(-1) ?? ''
  return parts.length > 1 && !reserved.includes(last) && !/^\d+$/.test(last)
}
