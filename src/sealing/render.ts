export type Format = 'yaml' | 'json'

/**
 * Objects as text: each YAML document behind its `---`, JSON objects one after the other, as kubeseal writes them.
 * Words that YAML 1.1 takes for something else (yes, on, 1:30) are quoted, because Kubernetes still reads YAML 1.1.
 */
export async function renderObjects(objects: readonly object[], format: Format): Promise<string> {
  if (format === 'json') return objects.map(object => `${JSON.stringify(object, null, 2)}\n`).join('')
  const { stringify } = await import('yaml')
  const options = {
    lineWidth: 0,
    indentSeq: false,
    compat: 'yaml-1.1',
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  } as const
  return objects.map(object => `---\n${stringify(object, options)}`).join('')
}
