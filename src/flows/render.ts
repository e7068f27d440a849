import type { Cli } from '../cli/index.ts'
import type { Project } from './project.ts'
import { manifestsOf, userDataOf } from './user-data.ts'

/** Stand-ins for what only the cloud can say, where it has not said it yet. Address from RFC 5737. */
const example = { volumeId: 100000001, address: '203.0.113.1' }

/** Prints the user data of the next server. */
export async function renderCloudInit(
  cli: Cli,
  project: Project,
  options: { showSecrets: boolean },
): Promise<{ userData: string; bytes: number; limit: number }> {
  const { resources } = await project.readState()
  const known = resources.volume !== undefined && resources.address !== undefined
  const machine = known ? { volumeId: resources.volume ?? 0, address: resources.address ?? '' } : example
  const made = userDataOf(project.config, await project.vault(), machine, {
    maskSecrets: !options.showSecrets,
  })
  cli.out(made.text.trimEnd())
  if (!known) cli.note('Volume id and address are examples: nothing has been made yet.')
  cli.note(`${made.bytes} of 32768 bytes as sent.`)
  return { userData: made.text, bytes: made.bytes, limit: 32768 }
}

/** Prints the bootstrap manifests, one YAML document after the other, each below the name of its file. */
export async function renderManifests(
  cli: Cli,
  project: Project,
  options: { showSecrets: boolean },
): Promise<{ files: { name: string; content: string }[] }> {
  const files = manifestsOf(project.config, await project.vault(), { maskSecrets: !options.showSecrets }).map(
    ({ name, content }) => ({ name, content }),
  )
  for (const file of files) cli.out(`# ${file.name}\n---\n${file.content.trimEnd()}`)
  return { files }
}
