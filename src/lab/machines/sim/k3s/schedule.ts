/** Something that will happen to an object at a lab time. Plain data, so that it survives with the datastore. */
export type Task = {
  atMs: number
  kind:
    | 'pod-run'
    | 'pod-gone'
    | 'helm-try'
    | 'helm-done'
    | 'app-refresh'
    | 'app-synced'
    | 'app-healthy'
    | 'job-done'
  namespace: string
  name: string
}

/** Tasks in time order. */
export class Schedule {
  tasks: Task[] = []

  add(task: Task): void {
    if (this.has(task)) return
    const at = this.tasks.findIndex(other => other.atMs > task.atMs)
    this.tasks.splice(at < 0 ? this.tasks.length : at, 0, task)
  }

  has(task: Pick<Task, 'kind' | 'namespace' | 'name'>): boolean {
    return this.tasks.some(
      other => other.kind === task.kind && other.name === task.name && other.namespace === task.namespace,
    )
  }

  drop(namespace: string, name: string, kinds?: readonly Task['kind'][]): void {
    this.tasks = this.tasks.filter(
      task => !(task.namespace === namespace && task.name === name && (!kinds || kinds.includes(task.kind))),
    )
  }

  /** Nothing happens while K3s is down: what was due then is due when it is back. */
  delayUntil(ms: number): void {
    for (const task of this.tasks) task.atMs = Math.max(task.atMs, ms)
    this.tasks.sort((a, b) => a.atMs - b.atMs)
  }
}
