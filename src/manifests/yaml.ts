import { stringify } from 'yaml'

/**
 * YAML in the order of the fields. By the rules of 1.1, which Kubernetes and Helm still read: a branch named `on` or a
 * token of digits only gets quotes, and stays a text.
 */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false })
}
