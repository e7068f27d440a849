import type { AuthenticationType, ConnectConfig, utils } from 'ssh2'
import { SshError } from './errors.ts'

export type Login = {
  /** OpenSSH or PEM. */
  privateKey?: string | Buffer | undefined
  passphrase?: string | undefined
  /** Socket of an SSH agent. */
  agent?: string | undefined
}

/**
 * How to prove who we are: with the key first, because an agent full of others uses up the server's patience, then with the agent.
 * A key that needs a passphrase we do not have is left to the agent, when there is one.
 * @throws SshError `ssh-auth` when there is nothing to try.
 */
export function loginConfig(
  parse: typeof utils.parseKey,
  { privateKey, passphrase, agent }: Login,
): ConnectConfig {
  const methods: AuthenticationType[] = []
  const config: ConnectConfig = {}
  const parsed = privateKey === undefined ? undefined : parse(privateKey, passphrase)
  if (privateKey !== undefined && parsed !== undefined && !(parsed instanceof Error)) {
    methods.push('publickey')
    config.privateKey = privateKey
    if (passphrase !== undefined) config.passphrase = passphrase
  }
  if (agent !== undefined) {
    methods.push('agent')
    config.agent = agent
  }
  if (methods.length === 0) throw nothingToTry(parsed)
  return { ...config, authHandler: methods }
}

function nothingToTry(problem: unknown): SshError {
  const why =
    problem instanceof Error
      ? `The SSH private key cannot be used: ${problem.message}`
      : 'There is no SSH key to log in with'
  return new SshError(`${why}.`, {
    code: 'ssh-auth',
    hint: 'Load it into an SSH agent (ssh-add), or name another one under "ssh.privateKey" in cosmos.yaml',
  })
}
