import type { z } from 'zod'
import { loadConfigSchema } from '../../config/index.ts'
import type { Check } from '../prompts.ts'

/** What the schema says about single answers: the same sentences as for `cosmos.yaml`. */
export async function answerChecks() {
  const { shape } = await loadConfigSchema()
  const by =
    <T>(schema: z.ZodType) =>
    (value: T): string | undefined => {
      const result = schema.safeParse(value)
      return result.success ? undefined : result.error.issues[0]?.message
    }
  return {
    name: by<string>(shape.name) satisfies Check,
    volumeSizeGb: by<number>(shape.volume.shape.sizeGb),
    domain: by<string>(shape.domain) satisfies Check,
    email: by<string>(shape.acme.unwrap().shape.email) satisfies Check,
    allow: by<string[]>(shape.network.unwrap().shape.allow),
  }
}
export type AnswerChecks = Awaited<ReturnType<typeof answerChecks>>
