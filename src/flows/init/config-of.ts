import type { ConfigInput } from '../../config/schema.ts'
import type { ProjectAnswers } from './answers.ts'

/** What the answers come to in `cosmos.yaml`. */
export function configOf(answers: ProjectAnswers): ConfigInput {
  const { name, locations, serverTypes, volumeSizeGb, allow, domain, acmeEmail, git, ssh } = answers
  return {
    name,
    locations,
    server: { types: serverTypes },
    volume: { sizeGb: volumeSizeGb },
    ...(allow === undefined ? {} : { network: { allow } }),
    ...(domain === undefined ? {} : { domain }),
    ...(acmeEmail === undefined ? {} : { acme: { email: acmeEmail } }),
    git: {
      url: git.url,
      ...(git.branch === undefined ? {} : { branch: git.branch }),
      ...(git.path === undefined ? {} : { path: git.path }),
    },
    ssh: {
      ...(ssh.port === undefined ? {} : { port: ssh.port }),
      publicKey: ssh.publicKey,
      privateKey: ssh.privateKey,
    },
  }
}
