import type { Config } from '../../config/schema.ts'
import type { AppsFile } from './files.ts'

/** What this folder is, for whoever finds it in the repository. Argo CD reads no Markdown. */
export function readme({ name, git }: Config): AppsFile {
  const text = `# What runs on ${name}

Argo CD follows this folder on the branch \`${git.branch}\`. Each YAML file directly in it is an Application; the folder of the same
name, where there is one, holds its objects. Waves: sealed secrets and storage, monitoring, what needs monitoring, applications.

- Change: edit, \`cosmos gitops check\`, commit, push. Argo CD follows within three minutes.
- Add an application: a new file \`NAME.yaml\` like \`example.yaml\`, its objects in \`NAME/\` with a \`kustomization.yaml\`.
- Secrets: \`cosmos seal secret.yaml -o NAME/secret.yaml\`. Never a plain Secret.
- What a newer cosmos would write: \`cosmos gitops diff\`; take it over: \`cosmos gitops init\`. What you edited is shown, never silently replaced.
- \`.cosmos-written\` keeps the checksums of what cosmos wrote, to tell your edits from its own. Commit it.
`
  return { path: 'README.md', owner: 'cosmos', text }
}
