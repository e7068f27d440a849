/** Something that goes wrong on purpose. Kept with the lab's state, counted, and gone when its `times` are used up. */
export type Fault = {
  id: number
  kind: FaultKind
  /**
   * What it concerns. `api`: a request such as `POST /servers` or `POST /volumes/{id}/actions/attach` (`{id}` or `*` stands for one segment,
   * a missing method for any). `action`: a command such as `create_server`. `ssh` and `boot`: name or id of a server.
   * `stock`: a server type, or type and place: `cx23@fsn1`. `slow`: a request or a command.
   * Undefined: everything of that kind.
   */
  on?: string | undefined
  /** Lets this many pass first. */
  skip: number
  /** How often it strikes; null: until cleared. */
  times: number | null
  /** How often something matched, and how often it struck. */
  seen: number
  struck: number
  /** `api`, `action`: the API's error code. */
  code?: string | undefined
  message?: string | undefined
  /** `api`: see ApiMode. `ssh`: refuse, hang or drop. `stock`: surprise, when the catalogue goes on saying that it is there. */
  mode?: string | undefined
  /** `slow`: lab milliseconds added to each answer. */
  delayMs?: number | undefined
  /** `slow`: actions take this many times as long. */
  factor?: number | undefined
}

export const faultKinds = ['api', 'action', 'ssh', 'boot', 'slow', 'stock'] as const
export type FaultKind = (typeof faultKinds)[number]

/**
 * How an `api` fault shows: `error` answers with the code; `lost` does the work and cuts the connection before the answer;
 * `cut` cuts it before the work; `hang` never answers; `garbage` answers something that is no JSON.
 */
export const apiModes = ['error', 'lost', 'cut', 'hang', 'garbage'] as const
export type ApiMode = (typeof apiModes)[number]

export const sshModes = ['refuse', 'hang', 'drop'] as const
export type SshMode = (typeof sshModes)[number]

export const stockModes = ['surprise'] as const

export type FaultInput = Partial<Omit<Fault, 'id' | 'seen' | 'struck'>> & { kind: FaultKind }
