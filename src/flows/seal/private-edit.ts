import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { CosmosError, InterruptedError, messageOf } from '../../errors.ts'

/**
 * Lets a person edit a text that is secret: in `$VISUAL` or `$EDITOR`, on a file of mode 0600 in a folder of its own, in memory where the
 * system offers that. Whatever the editor leaves there is overwritten before it is deleted, also after a failure.
 * @param name of the file, so that the editor knows the language.
 * @returns the text as it was saved.
 * @throws CosmosError `editor-failed`
 */
export async function editPrivately(cli: Cli, name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(await privatePlace(), 'cosmos-edit-'))
  try {
    const path = join(folder, name)
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
    await runEditor(cli, path)
    return await readFile(path, 'utf8')
  } finally {
    await wipeFolder(folder)
  }
}

/** Memory that is no disk, on Linux; else the folder for temporary files. */
async function privatePlace(): Promise<string> {
  try {
    await access('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    // Not Linux, or not for us.
    return tmpdir()
  }
}

async function runEditor(cli: Cli, path: string): Promise<void> {
  const editor = cli.env.VISUAL || cli.env.EDITOR || 'vi'
  // Through the shell, because EDITOR may be several words ("code --wait"); the path is an argument, never part of the script.
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit', signal: cli.signal })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve)
    child.once('error', error =>
      reject(
        cli.signal.aborted
          ? new InterruptedError()
          : new CosmosError(`The editor cannot be started: ${messageOf(error)}`, {
              code: 'editor-failed',
              cause: error,
            }),
      ),
    )
  })
  if (code === 0) return
  throw new CosmosError(`The editor ended with code ${code}; nothing was changed.`, {
    code: 'editor-failed',
    hint: 'Set EDITOR to the editor you use, e.g. EDITOR=nano',
  })
}

async function wipeFolder(folder: string): Promise<void> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) await overwrite(join(entry.parentPath, entry.name))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function overwrite(path: string): Promise<void> {
  const { size } = await stat(path)
  const file = await open(path, 'r+')
  try {
    await file.write(Buffer.alloc(size))
    await file.sync()
  } finally {
    await file.close()
  }
}
