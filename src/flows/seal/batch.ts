import { setImmediate } from 'node:timers/promises'
import type { Cli } from '../../cli/index.ts'
import { CosmosError, messageOf, throwIfAborted } from '../../errors.ts'
import type { StepHandle } from '../../progress/index.ts'
import { readText, writeFileSafely } from './files.ts'
import { isFolder, manifestFiles } from './folder.ts'

/** Plain output gets a line per news: not one per file. */
const filesPerNews = 100

/** What became of one file: its new text, or undefined to leave it as it is. */
export type FileChange<Result> = { text: string | undefined; results: Result[] }

export type Batch<Result> = {
  command: string
  /** "Seal secrets", "Move values to the newest key". */
  title: string
  /** File or folder. */
  path: string
  /** Whether a file of a folder is looked at, by its text. */
  concerns: (text: string) => boolean
  change: (text: string, name: string) => Promise<FileChange<Result>>
}

export type BatchOutcome<Result> = { files: number; written: string[]; results: Result[] }

/**
 * Changes one file or a whole folder: everything is worked out before the first file is written, and each is replaced in one step.
 * One bad file and none is written.
 * @throws the file's own error for one file, CosmosError `seal-folder` with a line per problem for several
 */
export async function runBatch<Result>(cli: Cli, batch: Batch<Result>): Promise<BatchOutcome<Result>> {
  if (!(await isFolder(batch.path))) return oneFile(cli, batch)
  const outcome: BatchOutcome<Result> = { files: 0, written: [], results: [] }
  const texts = new Map<string, string>()
  await cli.runSteps(
    batch.command,
    null,
    [
      { id: 'change', title: batch.title, run: (_, task) => changeAll(batch, { outcome, texts, task }) },
      {
        id: 'write',
        title: 'Write files',
        skip: () => (texts.size === 0 ? 'nothing to write' : undefined),
        run: (_, task) => writeAll(batch.path, { outcome, texts, task }),
      },
    ],
    undefined,
  )
  return outcome
}

async function oneFile<Result>(cli: Cli, { path, change }: Batch<Result>): Promise<BatchOutcome<Result>> {
  const { text, results } = await change(await readText(path), path)
  if (text === undefined) return { files: 1, written: [], results }
  await writeFileSafely(path, text, { signal: cli.signal })
  return { files: 1, written: [path], results }
}

type Work<Result> = { outcome: BatchOutcome<Result>; texts: Map<string, string>; task: StepHandle }

async function changeAll<Result>(
  batch: Batch<Result>,
  { outcome, texts, task }: Work<Result>,
): Promise<string> {
  const files = await manifestFiles(batch.path, task.signal)
  const problems: { file: string; message: string }[] = []
  for (const [index, file] of files.entries()) {
    // Encryption blocks: give Ctrl-C its turn.
    await setImmediate()
    throwIfAborted(task.signal)
    if (index % filesPerNews === 0) task.progress(`${index} of ${files.length} files`)
    try {
      const text = await readText(file)
      if (!batch.concerns(text)) continue
      const changed = await changeUnlessTemplate(batch, text, file)
      if (changed === undefined) {
        task.log(`${file}: a template, not a manifest; passed by.`)
        continue
      }
      outcome.files += 1
      outcome.results.push(...changed.results)
      if (changed.text !== undefined) texts.set(file, changed.text)
    } catch (error) {
      problems.push({ file, message: messageOf(error) })
    }
  }
  if (problems.length > 0) {
    const files = problems.length === 1 ? 'one file' : `${problems.length} files`
    throw new CosmosError(`Nothing was written, because of ${files}.`, {
      code: 'seal-folder',
      details: problems.map(({ file, message }) =>
        message.includes(file) ? message : `${file}: ${message}`,
      ),
    })
  }
  return `${outcome.files} of ${files.length} files`
}

async function writeAll<Result>(root: string, { outcome, texts, task }: Work<Result>): Promise<string> {
  for (const [file, text] of texts) {
    throwIfAborted(task.signal)
    await writeFileSafely(file, text, { signal: task.signal, root })
    outcome.written.push(file)
  }
  return `${outcome.written.length} written`
}

/** Undefined for a file that is no YAML because it is still to be made by Helm or the like: a chart must not stop its whole folder. */
async function changeUnlessTemplate<Result>(
  { change }: Batch<Result>,
  text: string,
  file: string,
): Promise<FileChange<Result> | undefined> {
  try {
    return await change(text, file)
  } catch (error) {
    if (error instanceof CosmosError && error.code === 'yaml-broken' && text.includes('{{')) return undefined
    throw error
  }
}
