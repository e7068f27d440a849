import { type ArithmeticExpression, parse } from 'unbash'

/** What `$(( ))` needs of the shell around it. */
export type ArithmeticScope = {
  get(name: string, index?: string): string | undefined
  set(name: string, value: string, index?: string): void
  /** The text of a word with its expansions done. */
  expand(node: ArithmeticExpression): Promise<string>
}

export class ArithmeticError extends Error {}

/** Parses text as `$((text))` would; an empty one counts 0. */
export function parseArithmetic(text: string): ArithmeticExpression | undefined {
  const command = parse(`(( ${text} ))`).commands[0]?.command
  return command?.type === 'ArithmeticCommand' ? command.expression : undefined
}

const binary: Record<string, (a: bigint, b: bigint) => bigint> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => divide(a, b) / b,
  '%': (a, b) => divide(a, b) % b,
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<': (a, b) => BigInt(a < b),
  '>': (a, b) => BigInt(a > b),
  '<=': (a, b) => BigInt(a <= b),
  '>=': (a, b) => BigInt(a >= b),
  '==': (a, b) => BigInt(a === b),
  '!=': (a, b) => BigInt(a !== b),
  ',': (_, b) => b,
}

function divide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new ArithmeticError('division by 0 (error token is "0")')
  return a
}

/** Evaluates with 64-bit wrap-around. @throws ArithmeticError with bash's words. */
export async function arithmetic(
  node: ArithmeticExpression | undefined,
  scope: ArithmeticScope,
  depth = 0,
): Promise<bigint> {
  if (!node) return 0n
  if (depth > 60) throw new ArithmeticError('expression recursion level exceeded')
  const go = (inner: ArithmeticExpression) => arithmetic(inner, scope, depth + 1)
  switch (node.type) {
    case 'ArithmeticGroup':
      return go(node.expression)
    case 'ArithmeticTernary':
      return (await go(node.test)) !== 0n ? go(node.consequent) : go(node.alternate)
    case 'ArithmeticWord':
    case 'ArithmeticCommandExpansion':
      return value(await scope.expand(node), scope, depth)
    case 'ArithmeticUnary': {
      if (node.operator === '++' || node.operator === '--') {
        const name = await nameOf(node.operand, scope)
        const old = await value(name, scope, depth)
        const next = BigInt.asIntN(64, old + (node.operator === '++' ? 1n : -1n))
        assign(name, next, scope)
        return node.prefix ? next : old
      }
      const operand = await go(node.operand)
      if (node.operator === '-') return -operand
      if (node.operator === '!') return BigInt(operand === 0n)
      return node.operator === '~' ? ~operand : operand
    }
    case 'ArithmeticBinary': {
      if (node.operator === '&&') return BigInt((await go(node.left)) !== 0n && (await go(node.right)) !== 0n)
      if (node.operator === '||') return BigInt((await go(node.left)) !== 0n || (await go(node.right)) !== 0n)
      const plain = binary[node.operator]
      if (plain) {
        const left = await go(node.left)
        return BigInt.asIntN(64, plain(left, await go(node.right)))
      }
      const name = await nameOf(node.left, scope)
      const right = await go(node.right)
      const change = binary[node.operator.slice(0, -1)]
      const result = change ? BigInt.asIntN(64, change(await value(name, scope, depth), right)) : right
      assign(name, result, scope)
      return result
    }
  }
}

function assign(name: string, result: bigint, scope: ArithmeticScope): void {
  const found = /^(\w+)\[(.*)\]$/.exec(name)
  if (found) scope.set(found[1] as string, String(result), found[2])
  else scope.set(name, String(result))
}

async function nameOf(node: ArithmeticExpression, scope: ArithmeticScope): Promise<string> {
  const text = node.type === 'ArithmeticWord' ? await scope.expand(node) : ''
  if (!/^[A-Za-z_]\w*(\[.*\])?$/.test(text)) throw new ArithmeticError('attempted assignment to non-variable')
  return text
}

async function value(text: string, scope: ArithmeticScope, depth: number): Promise<bigint> {
  const trimmed = text.trim()
  if (trimmed === '') return 0n
  if (/^\d+$/.test(trimmed)) {
    if (/^0\d/.test(trimmed)) {
      if (/[89]/.test(trimmed)) {
        throw new ArithmeticError(`${trimmed}: value too great for base (error token is "${trimmed}")`)
      }
      return BigInt(`0o${trimmed}`)
    }
    return BigInt(trimmed)
  }
  if (/^0[xX][0-9a-fA-F]+$/.test(trimmed)) return BigInt(trimmed)
  const based = /^(\d+)#(\w+)$/.exec(trimmed)
  if (based) return BigInt(Number.parseInt(based[2] as string, Number(based[1])))
  const element = /^([A-Za-z_]\w*)(?:\[(.*)\])?$/.exec(trimmed)
  if (element) {
    const index = element[2]
    const inner = scope.get(element[1] as string, index)
    return inner === undefined ? 0n : value(inner, scope, depth + 1)
  }
  const parsed = parseArithmetic(trimmed)
  if (!parsed || parsed.type === 'ArithmeticWord') {
    throw new ArithmeticError(
      `${trimmed}: syntax error: invalid arithmetic operator (error token is "${trimmed}")`,
    )
  }
  return arithmetic(parsed, scope, depth + 1)
}
