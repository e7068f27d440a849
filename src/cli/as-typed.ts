import type { LabMode } from './cli.ts'

/** How the command that runs was typed: through npx or not, on the lab or not, with a file of its own or not. */
export type Typing = { env: NodeJS.ProcessEnv; lab?: LabMode; config?: string | undefined }

/** These work on a project, which the lab and `--config` choose. */
const ofProject = 'up|swap|status|ssh|logs|kubeconfig|down|seal|unseal|(?:render|vault|key) [a-z-]+'
const others = 'init|doctor|gitops [a-z-]+|lab(?: fault)? [a-z-]+|(?:[a-z]+ )*--help'
const mentioned = new RegExp(
  `(?<!npx |[\\w/.-])cosmos (?:(${ofProject})|${others})(?![\\w-])( --(?:help|lab|config))?`,
  'g',
)

/**
 * A text in which every cosmos command can be typed by the person who typed this one: `cosmos up` becomes
 * `npx cosmos up --lab` for somebody who came through npx and works on the lab.
 */
export function asTyped(text: string, typing: Typing): string {
  const npx = typing.env.npm_command === 'exec' ? 'npx ' : ''
  const flags = flagsOf(typing)
  return text.replace(mentioned, (command: string, project: string | undefined, said: string | undefined) => {
    return `${npx}${command}${project === undefined || said !== undefined ? '' : flags}`
  })
}

function flagsOf({ lab = 'off', config }: Typing): string {
  const labFlag = { off: '', sim: ' --lab', vm: ' --lab=vm' }[lab]
  return config === undefined ? labFlag : `${labFlag} --config ${quoted(config)}`
}

function quoted(path: string): string {
  return /^[\w./~+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
