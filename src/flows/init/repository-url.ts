import { UsageError } from '../../errors.ts'

export type Repository = {
  /** https, without a credential. */
  url: string
  username?: string
  /** What stood in the URL: belongs into the vault. */
  token?: string
}

const flag = '--repository'

/**
 * Takes a repository URL apart. A credential in it is taken out and handed back, never shown.
 * @throws UsageError `repository-ssh` with the https form as hint; `repository-url` for what is no https URL.
 */
export function repositoryOf(typed: string): Repository {
  const text = typed.trim()
  const https = httpsForm(text)
  if (https !== undefined) {
    throw new UsageError('Argo CD reads the repository over https, with a token; this is an SSH address.', {
      code: 'repository-ssh',
      hint: `Use ${flag} ${https}`,
    })
  }
  const url = URL.parse(text)
  if (url === null || url.protocol !== 'https:' || url.pathname.length < 2) {
    throw new UsageError('The repository must be an https:// URL with a path.', {
      code: 'repository-url',
      hint: `Name it: ${flag} https://github.com/OWNER/NAME`,
    })
  }
  const [username, password] = [url.username, url.password].map(decodeURIComponent)
  url.username = url.password = ''
  const plain = url.href.replace(/\/$/, '')
  if (password) return { url: plain, token: password, ...(username ? { username } : {}) }
  if (!username) return { url: plain }
  return looksLikeToken(username) ? { url: plain, token: username } : { url: plain, username }
}

/** Some hosts put the token in the place of the user name, others (Bitbucket) the user's name into every address. */
function looksLikeToken(username: string): boolean {
  return username.length >= 20
}

/** `git@host:owner/name` and `ssh://git@host/owner/name` as https, or undefined for everything else. */
export function httpsForm(address: string): string | undefined {
  const scp = /^(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!\/\/)\/?(.+)$/.exec(address)
  if (scp !== null) return `https://${scp[1]}/${scp[2]}`
  const ssh = /^(?:git\+)?ssh:\/\/(?:[^/@]+@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(address)
  return ssh === null ? undefined : `https://${ssh[1]}/${ssh[2]}`
}
