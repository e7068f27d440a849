import { createHash } from 'node:crypto'
import { bytesOf, type FsNode, newNode } from '../fs/node.ts'
import type { Volume } from './volume.ts'

/** Where the workload writes, below the root of the volume. */
export const ledgerFolder = 'ledger'
const ledgerFile = 'ledger.log'
/** One entry per this much lab time while the workload runs. */
export const ledgerEveryMs = 10_000
/** More missed entries than this are written as one line that stands for all of them. */
const mostLines = 500

const sign = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

type Last = { number: number; checksum: string }

/**
 * A numbered file in which each line signs the one before: a gap, a torn line or a foreign writer shows for good.
 * Lines are `NUMBER TIME CHECKSUM`, or `FIRST-LAST TIME CHECKSUM` for a long idle stretch.
 * Written lazily: a running writer costs nothing until someone looks.
 */
export class Ledger {
  readonly #volume: Volume
  readonly #now: () => number
  #writer: { machine: number; nextMs: number } | undefined
  #last: Last | undefined

  constructor(volume: Volume, now: () => number) {
    this.#volume = volume
    this.#now = now
  }

  get isWriting(): boolean {
    return this.#writer !== undefined
  }

  /** The workload on that machine starts to write, now. */
  start(machine: number): void {
    this.catchUp()
    const path = this.#file(true)
    if (path) this.#writer = { machine, nextMs: this.#now() }
    this.catchUp()
  }

  /** It ended in order: the last entry is whole. */
  stop(): void {
    this.catchUp()
    this.#writer = undefined
  }

  /** It was cut off: with power or device gone in the middle of an entry, half a line stays. */
  tear(why: string): void {
    this.catchUp()
    const file = this.#file(false)
    const last = this.#end()
    this.#writer = undefined
    const at = new Date(this.#now()).toISOString()
    if (file) this.#append(file, `${last.number + 1} ${at.slice(0, 13)}`)
    this.#volume.damage.push(`${why} at ${at}, while entry ${last.number + 1} was being written`)
  }

  /** Writes the entries that are due. */
  catchUp(): void {
    const writer = this.#writer
    const now = this.#now()
    if (!writer || writer.nextMs > now) return
    const file = this.#file(false)
    if (!file) return
    const due = Math.floor((now - writer.nextMs) / ledgerEveryMs) + 1
    let { number, checksum } = this.#end()
    const lines: string[] = []
    const add = (label: string, ms: number) => {
      const time = new Date(ms).toISOString()
      checksum = sign(`${checksum} ${label} ${time}`)
      lines.push(`${label} ${time} ${checksum}\n`)
    }
    const whole = due > mostLines ? due - mostLines : 0
    if (whole > 0) add(`${number + 1}-${number + whole}`, writer.nextMs + (whole - 1) * ledgerEveryMs)
    number += whole
    for (let nth = whole; nth < due; nth += 1) {
      number += 1
      add(String(number), writer.nextMs + nth * ledgerEveryMs)
    }
    writer.nextMs += due * ledgerEveryMs
    this.#last = { number, checksum }
    this.#append(file, lines.join(''))
  }

  /** Reads the file from its first line and says where it is wrong. */
  check(): { entries: number; damage: string[] } {
    this.catchUp()
    const node = this.#volume.tree?.root.children?.get(ledgerFolder)?.children?.get(ledgerFile)
    if (!node) return { entries: 0, damage: [] }
    const damage: string[] = []
    let number = 0
    let checksum = ''
    for (const line of bytesOf(node).toString('utf8').split('\n').filter(Boolean)) {
      const [, first = '', last = first, time = '', signed = ''] =
        /^(\d+)(?:-(\d+))? (\S+) ([0-9a-f]{16})$/.exec(line) ?? []
      if (signed === '') damage.push(`entry ${number + 1} is torn: ${JSON.stringify(line.slice(0, 40))}`)
      else if (Number(first) !== number + 1)
        damage.push(`entry ${number + 1} is missing: the next one is ${first}`)
      else if (sign(`${checksum} ${line.slice(0, line.lastIndexOf(' '))}`) !== signed) {
        damage.push(`entry ${first} of ${time} has a wrong checksum`)
      }
      if (signed === '') continue
      number = Number(last || first)
      checksum = signed
    }
    return { entries: number, damage }
  }

  #end(): Last {
    if (this.#last) return this.#last
    const node = this.#volume.tree?.root.children?.get(ledgerFolder)?.children?.get(ledgerFile)
    const lines = node
      ? bytesOf(node)
          .toString('utf8')
          .split('\n')
          .filter(line => /^\S+ \S+ [0-9a-f]{16}$/.test(line))
      : []
    const [label = '0', , checksum = ''] = lines.at(-1)?.split(' ') ?? []
    this.#last = { number: Number(label.split('-').at(-1)), checksum }
    return this.#last
  }

  #file(make: boolean): FsNode | undefined {
    const root = this.#volume.tree?.root.children
    let folder = root?.get(ledgerFolder)
    if (!folder && make) {
      folder = newNode('dir', this.#now(), { uid: 1000, gid: 1000 })
      root?.set(ledgerFolder, folder)
    }
    let file = folder?.children?.get(ledgerFile)
    if (!file && make) {
      file = newNode('file', this.#now(), { uid: 1000, gid: 1000 })
      folder?.children?.set(ledgerFile, file)
      this.#last = undefined
    }
    return file
  }

  #append(file: FsNode, text: string): void {
    if (text === '') return
    const old = bytesOf(file)
    const glue = old.length > 0 && old.at(-1) !== 10 ? '\n' : ''
    file.data = Buffer.concat([old, Buffer.from(glue + text)])
    file.mtimeMs = this.#now()
    this.#volume.tree?.changed()
  }
}
