/** What the API said, as material for a sentence. */
export type Complaint = {
  code: string
  /** The API's own words. */
  message: string
  details?: unknown
}

type Sentence = { message: string; hint?: string }

const consoleTokens = 'Hetzner Console → your project → Security → API tokens'

/** Codes of facts/hetzner-api.md §4 that a user can do something about. Each says what failed, why, and what to do next. */
const sentences: Record<string, (complaint: Complaint) => Sentence> = {
  unauthorized: () => ({
    message:
      'Hetzner does not accept the API token: it is wrong, was deleted, or belongs to another endpoint.',
    hint: `Make one with "Read & Write" (${consoleTokens}), then: export HCLOUD_TOKEN=…`,
  }),
  token_readonly: () => ({
    message: 'The API token may only read, and this needs to write.',
    hint: `Make one with "Read & Write" (${consoleTokens}), then: export HCLOUD_TOKEN=…`,
  }),
  forbidden: ({ message }) => ({
    message: `Hetzner forbids this: ${message}.`,
    hint: 'Look at the permissions and the state of the project in the Hetzner Console.',
  }),
  resource_limit_exceeded: ({ message, details }) => ({
    message: `A limit of the Hetzner project is reached: ${message}${limitsOf(details)}.`,
    hint: 'Delete what is not needed, or ask for more: Hetzner Console → your account → Limits → Request change',
  }),
  resource_unavailable: ({ message }) => ({
    message: `Hetzner has no capacity for this right now: ${message}.`,
    hint: 'Add further server types or locations to cosmos.yaml, or try again later.',
  }),
  no_space_left_in_location: () => ({
    message: 'Hetzner has no room for the volume in this location right now.',
    hint: 'Choose another location in cosmos.yaml, or try again later.',
  }),
  placement_error: ({ message }) => ({
    message: `Hetzner could not place the server: ${message}.`,
    hint: 'Add further server types or locations to cosmos.yaml, or try again later.',
  }),
  rate_limit_exceeded: () => ({
    message: 'The Hetzner project has used up its API calls (3600 per hour, one more each second).',
    hint: 'Something else uses the same project heavily; wait a minute and run the command again.',
  }),
  locked: ({ message }) => ({
    message: `Another action is running on this resource, and it did not end in time: ${message}.`,
    hint: 'Wait until it has finished in the Hetzner Console, then run the command again.',
  }),
  resource_locked: ({ message }) => ({
    message: `Hetzner has locked this resource: ${message}.`,
    hint: 'Only Hetzner can unlock it: write to their support.',
  }),
  protected: ({ message }) => ({
    message: `The resource is protected against this: ${message}.`,
    hint: 'If it really shall go, switch its protection off in the Hetzner Console first.',
  }),
  uniqueness_error: ({ message, details }) => ({
    message: `The project already has one of these: ${message}${fieldsOf(details)}.`,
    hint: 'Names (and SSH keys) are unique in a project: rename the other one, or choose another name in cosmos.yaml.',
  }),
  invalid_input: ({ message, details }) => ({
    message: `Hetzner does not accept the input: ${message}${fieldsOf(details)}.`,
    hint: 'Correct the value in cosmos.yaml and run the command again.',
  }),
  conflict: ({ message }) => ({
    message: `Someone else changed the resource at the same moment: ${message}.`,
    hint: 'Run the command again.',
  }),
  not_found: ({ message }) => ({
    message: `Hetzner does not have this: ${message}.`,
    hint: 'It may have been deleted meanwhile. See what is there: cosmos status',
  }),
  server_not_stopped: () => ({
    message: 'The server must be off for this, and it is not.',
    hint: 'See what it does: cosmos status',
  }),
  must_be_unassigned: () => ({
    message: 'The Primary IP still belongs to a server; Hetzner deletes only unassigned ones.',
    hint: 'If the server was deleted just now, run the command again in a minute.',
  }),
  resource_in_use: ({ message }) => ({
    message: `The resource is still in use: ${message}.`,
    hint: 'If its server was deleted just now, run the command again in a minute.',
  }),
  deprecated_api_endpoint: ({ message, details }) => ({
    message: `Hetzner has switched off a part of its API that this cosmos uses: ${message}${announcementOf(details)}.`,
    hint: 'Get the newest version: npm install --global cosmos-hetzner@latest',
  }),
  maintenance: () => ({
    message: 'Hetzner does maintenance and takes no changes right now.',
    hint: 'See https://status.hetzner.com, then run the command again.',
  }),
  server_error: () => troubled('reports an error of its own'),
  bad_gateway: () => troubled('cannot be reached behind its gateway'),
  unavailable: () => troubled('is not available'),
  timeout: () => troubled('did not answer its own gateway in time'),
}

/** The sentence for a code; for codes we do not know, the API's own words. */
export function sentenceFor(complaint: Complaint): Sentence {
  const known = Object.hasOwn(sentences, complaint.code) ? sentences[complaint.code] : undefined
  if (known) return known(complaint)
  const words = complaint.message === '' ? complaint.code : `${complaint.message} (${complaint.code})`
  return { message: `Hetzner refused: ${words}${fieldsOf(complaint.details)}.` }
}

function troubled(how: string): Sentence {
  return {
    message: `The Hetzner API ${how}.`,
    hint: 'See https://status.hetzner.com, then run the command again: what was done already is not done twice.',
  }
}

function fieldsOf(details: unknown): string {
  const fields = listOf(details, 'fields').map(field => {
    const messages = Array.isArray(field.messages) ? field.messages.join(', ') : ''
    return messages === '' ? String(field.name) : `${String(field.name)}: ${messages}`
  })
  return fields.length === 0 ? '' : ` (${fields.join('; ')})`
}

function limitsOf(details: unknown): string {
  const names = listOf(details, 'limits').map(limit => String(limit.name))
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}

function announcementOf(details: unknown): string {
  const announcement = isRecord(details) ? details.announcement : undefined
  return typeof announcement === 'string' ? ` (${announcement})` : ''
}

function listOf(details: unknown, key: string): Record<string, unknown>[] {
  const list = isRecord(details) ? details[key] : undefined
  return Array.isArray(list) ? list.filter(isRecord) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
