import type { TestExpression } from 'unbash'
import { parseArithmetic } from './arithmetic.ts'
import { evaluateArithmetic, expandPattern, expandRegex, expandText } from './expand.ts'
import { type Shell, ShellError } from './shell.ts'
import { binaryTest, isUnary, unaryTest } from './test-operators.ts'

/** `[[ … ]]`. */
export async function conditional(shell: Shell, node: TestExpression): Promise<boolean> {
  switch (node.type) {
    case 'TestGroup':
      return conditional(shell, node.expression)
    case 'TestNot':
      return (await conditional(shell, node.operand)) !== (node.negations.length % 2 === 1)
    case 'TestLogical': {
      for (const operand of node.operands) {
        const held = await conditional(shell, operand)
        if (held !== (node.operator === '&&')) return held
      }
      return node.operator === '&&'
    }
    case 'TestUnary': {
      const operand = await expandText(shell, node.operand)
      if (isUnary(node.operator)) return unaryTest(shell, node.operator, operand)
      return operand !== ''
    }
    case 'TestBinary':
      return binary(shell, node)
  }
}

async function binary(shell: Shell, node: Extract<TestExpression, { type: 'TestBinary' }>): Promise<boolean> {
  const left = await expandText(shell, node.left)
  if (node.operator === '==' || node.operator === '=' || node.operator === '!=') {
    const flags = shell.shopt.has('nocasematch') ? 'i' : ''
    const hit = new RegExp(`^(?:${await expandPattern(shell, node.right)})$`, flags).test(left)
    return hit === (node.operator !== '!=')
  }
  if (node.operator === '=~') {
    const found = new RegExp(await expandRegex(shell, node.right)).exec(left)
    shell.vars.setArray(
      'BASH_REMATCH',
      new Map((found ?? []).map((text, index) => [String(index), text ?? ''])),
    )
    return found !== null
  }
  const right = await expandText(shell, node.right)
  if (/^-(eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
    const [a, b] = [
      await evaluateArithmetic(shell, parseArithmetic(left)),
      await evaluateArithmetic(shell, parseArithmetic(right)),
    ]
    return binaryTest(shell, String(a), node.operator, String(b)) === true
  }
  const result = binaryTest(shell, left, node.operator, right)
  if (typeof result === 'string') throw new ShellError(`[[: ${result}`, { status: 2 })
  return result
}
