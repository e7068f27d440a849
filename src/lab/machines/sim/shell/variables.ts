/** A shell variable. A scalar is item "0". */
export type Variable = {
  kind: 'scalar' | 'indexed' | 'assoc'
  items: Map<string, string>
  exported: boolean
  readonly: boolean
  integer: boolean
  isSet: boolean
}

export function newVariable(kind: Variable['kind'] = 'scalar'): Variable {
  return { kind, items: new Map(), exported: false, readonly: false, integer: false, isSet: false }
}

export class ReadonlyError extends Error {
  constructor(name: string) {
    super(`${name}: readonly variable`)
  }
}

/** Scopes of variables: the global one and one per function call, searched inside out (bash's dynamic scope). */
export class Variables {
  readonly scopes: Map<string, Variable>[]

  constructor(scopes: Map<string, Variable>[] = [new Map()]) {
    this.scopes = scopes
  }

  find(name: string): Variable | undefined {
    for (let index = this.scopes.length - 1; index >= 0; index -= 1) {
      const found = this.scopes[index]?.get(name)
      if (found) return found
    }
    return undefined
  }

  /** Value of a scalar, or element 0; undefined when unset. */
  get(name: string): string | undefined {
    const variable = this.find(name)
    return variable?.isSet ? variable.items.get('0') : undefined
  }

  /** The variable of that name, made in the global scope when missing. */
  ensure(name: string): Variable {
    const found = this.find(name)
    if (found) return found
    const made = newVariable()
    this.scopes[0]?.set(name, made)
    return made
  }

  declareLocal(name: string): Variable {
    const scope = this.scopes.at(-1)
    const found = scope?.get(name)
    if (found) return found
    const made = newVariable()
    scope?.set(name, made)
    return made
  }

  set(name: string, value: string, key = '0', append = false): void {
    const variable = this.ensure(name)
    if (variable.readonly) throw new ReadonlyError(name)
    if (key !== '0' && variable.kind === 'scalar') variable.kind = 'indexed'
    variable.items.set(key, append ? (variable.items.get(key) ?? '') + value : value)
    variable.isSet = true
  }

  setArray(name: string, items: Map<string, string>, append = false): void {
    const variable = this.ensure(name)
    if (variable.readonly) throw new ReadonlyError(name)
    if (variable.kind === 'scalar') variable.kind = 'indexed'
    if (!append) variable.items.clear()
    for (const [key, value] of items) variable.items.set(key, value)
    variable.isSet = true
  }

  unset(name: string, key?: string): void {
    const variable = this.find(name)
    if (!variable) return
    if (variable.readonly) throw new ReadonlyError(name)
    if (key !== undefined) {
      variable.items.delete(key)
      return
    }
    for (let index = this.scopes.length - 1; index >= 0; index -= 1) {
      if (this.scopes[index]?.delete(name)) return
    }
  }

  /** Keys of an array in order. */
  keys(name: string): string[] {
    const variable = this.find(name)
    if (!variable?.isSet) return []
    const keys = [...variable.items.keys()]
    return variable.kind === 'assoc' ? keys : keys.sort((a, b) => Number(a) - Number(b))
  }

  exported(): Record<string, string> {
    const env: Record<string, string> = {}
    for (const scope of this.scopes) {
      for (const [name, variable] of scope) {
        if (variable.exported && variable.isSet) env[name] = variable.items.get('0') ?? ''
        else if (!variable.exported) delete env[name]
      }
    }
    return env
  }

  /** A copy for a subshell: changes stay there. */
  clone(): Variables {
    return new Variables(
      this.scopes.map(
        scope =>
          new Map(
            [...scope].map(([name, variable]) => [name, { ...variable, items: new Map(variable.items) }]),
          ),
      ),
    )
  }
}
