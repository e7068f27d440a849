import type { Cli } from '../../cli/index.ts'
import type { Place, Secret } from '../../sealing/index.ts'

/** One secret that was sealed, as `--json` gives it. */
export type SealedReport = Place & { keys: string[]; certificate: string; file?: string }

/** "app/db (strict)": what a person checks before committing. */
export function placeText({ name, namespace, scope }: Place): string {
  return `${namespace === '' ? name : `${namespace}/${name}`} (${scope})`
}

/** Says on stderr what was sealed for where, because the wrong place is noticed too late. */
export function noteSealed(cli: Cli, { keys, certificate, file, ...place }: SealedReport): void {
  const where = file === undefined ? '' : ` → ${file}`
  cli.note(`Sealed ${placeText(place)}: ${counted(keys.length, 'value')}, for the key ${certificate}${where}`)
}

/** Things that are no error to Kubernetes and still hardly meant. */
export function noteOddities(cli: Cli, secret: Secret): void {
  if (secret.ignored.length > 0) {
    cli.note(`Warning: ${secret.where}: no Secret has ${secret.ignored.join(', ')}; ignored.`)
  }
  const refused = [...secret.data.keys()].filter(key => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
  if (refused.length > 0) {
    cli.note(
      `Warning: ${secret.where}: Kubernetes takes only letters, digits, "-", "_" and "." in keys, so it will refuse ${refused.join(', ')}.`,
    )
  }
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
