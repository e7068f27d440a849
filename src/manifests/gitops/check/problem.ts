/** What is wrong in the App-of-Apps folder, or worth knowing. */
export type Problem = {
  /** `error`: Argo CD or the cluster will not do what was meant. */
  level: 'error' | 'warning'
  /** File below the folder. */
  path: string
  message: string
}

export function error(path: string, message: string): Problem {
  return { level: 'error', path, message }
}

export function warning(path: string, message: string): Problem {
  return { level: 'warning', path, message }
}
