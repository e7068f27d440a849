import { FsError } from '../fs/errno.ts'
import { bytesOf, type FsNode } from '../fs/node.ts'
import type { Vfs } from '../fs/vfs.ts'

/** Where bytes come from and go to, below a file descriptor. `read` gives null at the end. */
export type Channel = {
  read(signal: AbortSignal): Promise<Buffer | null>
  write(data: Buffer, signal: AbortSignal): Promise<void>
  close(): void
  isTty?: boolean
  path?: string
}

/** An open file description: shared by the descriptors that were duplicated from it, closed with the last one. */
export class OpenFile {
  readonly channel: Channel
  #refs = 1
  #pushback: Buffer = Buffer.alloc(0)

  constructor(channel: Channel) {
    this.channel = channel
  }

  retain(): OpenFile {
    this.#refs += 1
    return this
  }

  release(): void {
    this.#refs -= 1
    if (this.#refs === 0) this.channel.close()
  }

  async read(signal: AbortSignal): Promise<Buffer | null> {
    if (this.#pushback.length > 0) {
      const data = this.#pushback
      this.#pushback = Buffer.alloc(0)
      return data
    }
    return this.channel.read(signal)
  }

  /** The next line without its end, or null; `ended` says that a newline ended it. */
  async readUntil(delimiter: string, signal: AbortSignal): Promise<{ text: string; ended: boolean } | null> {
    const stop = delimiter.charCodeAt(0) || 0
    let held = Buffer.alloc(0)
    while (true) {
      const chunk = await this.read(signal)
      if (chunk === null) return held.length > 0 ? { text: held.toString('utf8'), ended: false } : null
      const at = chunk.indexOf(stop)
      if (at < 0) {
        held = Buffer.concat([held, chunk])
        continue
      }
      this.#pushback = Buffer.concat([chunk.subarray(at + 1), this.#pushback])
      return { text: Buffer.concat([held, chunk.subarray(0, at)]).toString('utf8'), ended: true }
    }
  }

  async readAll(signal: AbortSignal): Promise<Buffer> {
    const chunks: Buffer[] = []
    for (let chunk = await this.read(signal); chunk !== null; chunk = await this.read(signal))
      chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  async write(data: Buffer | string, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.from(data)
    if (bytes.length > 0) await this.channel.write(bytes, signal)
  }
}

const pipeCapacity = 65536

/** pipe(2): read end and write end, blocking when full, EPIPE when nobody reads. */
export function pipe(): { reader: OpenFile; writer: OpenFile } {
  const chunks: Buffer[] = []
  let size = 0
  let readerGone = false
  let writerGone = false
  const wakers = new Set<() => void>()
  const wake = () => {
    for (const waker of [...wakers]) waker()
  }
  const change = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const done = () => {
        wakers.delete(done)
        signal.removeEventListener('abort', abort)
        resolve()
      }
      const abort = () => {
        wakers.delete(done)
        reject(signal.reason)
      }
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      wakers.add(done)
    })
  const reader: Channel = {
    async read(signal) {
      while (chunks.length === 0) {
        if (writerGone) return null
        await change(signal)
      }
      const chunk = Buffer.concat(chunks.splice(0))
      size = 0
      wake()
      return chunk
    },
    write: () => Promise.reject(new FsError('EBADF', 'pipe')),
    close() {
      readerGone = true
      wake()
    },
  }
  const writer: Channel = {
    read: () => Promise.reject(new FsError('EBADF', 'pipe')),
    async write(data, signal) {
      while (size >= pipeCapacity && !readerGone) await change(signal)
      if (readerGone) throw new FsError('EPIPE', 'pipe')
      chunks.push(data)
      size += data.length
      wake()
    },
    close() {
      writerGone = true
      wake()
    },
  }
  return { reader: new OpenFile(reader), writer: new OpenFile(writer) }
}

export const nullChannel: Channel = {
  read: async () => null,
  write: async () => undefined,
  close: () => undefined,
  path: '/dev/null',
}

/** Text as standard input. */
export function textChannel(text: Buffer | string): Channel {
  let left: Buffer | null = Buffer.from(text)
  return {
    async read() {
      const data = left
      left = null
      return data && data.length > 0 ? data : null
    },
    write: () => Promise.reject(new FsError('EBADF', 'here-document')),
    close: () => undefined,
  }
}

/** Hands every write to a function. */
export function sinkChannel(write: (data: Buffer) => void | Promise<void>): Channel {
  return { read: async () => null, write: async data => write(data), close: () => undefined }
}

/** A regular file of the virtual file system, with its own offset unless it appends. */
export function fileChannel(
  vfs: Vfs,
  file: { node: FsNode; path: string; mount: { tree: { gone: boolean; changed(): void } } },
  append: boolean,
  watch?: (path: string, open: boolean) => void,
): Channel {
  let offset = 0
  watch?.(file.path, true)
  return {
    path: file.path,
    async read() {
      const data = bytesOf(file.node)
      if (offset >= data.length) return null
      const chunk = data.subarray(offset)
      offset = data.length
      return Buffer.from(chunk)
    },
    async write(data) {
      if (file.mount.tree.gone) throw new FsError('EIO', file.path)
      if (file.node.live) return
      const old = file.node.data ?? Buffer.alloc(0)
      if (append) offset = old.length
      const head =
        offset <= old.length
          ? old.subarray(0, offset)
          : Buffer.concat([old, Buffer.alloc(offset - old.length)])
      file.node.data = Buffer.concat([head, data, old.subarray(Math.min(old.length, offset + data.length))])
      offset += data.length
      file.node.mtimeMs = vfs.now()
      file.mount.tree.changed()
    },
    close() {
      watch?.(file.path, false)
    },
  }
}
