import type { Shell } from '../shell.ts'
import { control } from './control.ts'
import { declare } from './declare.ts'
import { echo } from './echo.ts'
import { jobs } from './jobs.ts'
import { look } from './look.ts'
import { options } from './options.ts'
import { printf } from './printf.ts'
import { read } from './read.ts'

/** A command the shell runs itself. Gives its status. */
export type Builtin = (shell: Shell, args: string[]) => Promise<number> | number

/** An evaluated `name=value` of `declare`, `local`, `export`, `readonly`. */
export type Declared = {
  name: string
  value?: string | undefined
  index?: string | undefined
  items?: Map<string, string>
  append: boolean
}
export type Declaration = (shell: Shell, args: (string | Declared)[]) => Promise<number> | number

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...control,
    ...options,
    ...jobs,
    ...look,
    echo,
    printf,
    read: read.read,
    mapfile: read.mapfile,
    readarray: read.mapfile,
  }),
)

export const declarations: ReadonlyMap<string, Declaration> = new Map(Object.entries(declare))
