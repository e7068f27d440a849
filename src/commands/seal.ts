import { string as stringArg } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'
import { UsageError } from '../errors.ts'
import type { SealOptions } from '../flows/seal/options.ts'

const modes = ['in-place', 'raw', 'merge-into', 'validate', 'edit', 'reseal']

export default class Seal extends CosmosCommand<typeof Seal> {
  static override summary = 'Encrypt Kubernetes Secrets so that they can stand in Git.'
  static override description =
    `Makes SealedSecrets that the stock controller opens, without a cluster and without the passphrase: only the certificate
beside the vault is needed. Name and namespace come from the manifest, because a secret sealed for the wrong place never opens.
--validate, --edit and --reseal need the vault.`
  static override examples = [
    '<%= config.bin %> seal secret.yaml -o sealed.yaml',
    '<%= config.bin %> seal secrets/ --in-place',
    '<%= config.bin %> seal app-db -n app --from-literal user=app --from-file password=./password',
    'kubectl create secret generic x -n app --from-literal a=b --dry-run=client -o yaml | <%= config.bin %> seal',
    '<%= config.bin %> seal --merge-into sealed.yaml --from-literal token=new',
    '<%= config.bin %> seal --edit sealed.yaml',
    '<%= config.bin %> seal --validate cosmos/',
  ]
  static override args = {
    input: stringArg({
      ignoreStdin: true,
      description: 'A manifest, a folder, - for standard input, or the name of a secret to make.',
    }),
  }
  static override flags = {
    namespace: string({
      char: 'n',
      helpValue: 'NAMESPACE',
      description: 'Namespace, where the manifest has none.',
    }),
    name: string({ helpValue: 'NAME', description: 'Name, where the manifest has none.' }),
    scope: option({
      options: ['strict', 'namespace-wide', 'cluster-wide'] as const,
      description: "How far the secret may be moved. Without it: the manifest's annotations, else strict.",
    })(),
    'from-literal': string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'A value: KEY=VALUE.',
      helpValue: 'KEY=VALUE',
    }),
    'from-file': string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'A file as value; without KEY its name is the key.',
      helpValue: '[KEY=]FILE',
    }),
    type: string({ description: 'Type of a secret made here.', helpValue: 'TYPE' }),
    label: string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'Label of a secret made here.',
      helpValue: 'KEY=VALUE',
    }),
    cert: string({
      description: "Certificate to seal with, instead of the project's.",
      helpValue: 'FILE|URL',
    }),
    output: string({ char: 'o', description: 'Write there instead of to stdout.', helpValue: 'FILE' }),
    format: option({ options: ['yaml', 'json'] as const, description: 'yaml, or json.' })(),
    'allow-empty-data': boolean({ description: 'Seal a Secret without data.' }),
    'in-place': boolean({
      char: 'i',
      description: 'Replace the Secrets in the file, or in all files of the folder.',
      exclusive: modes.filter(mode => mode !== 'in-place'),
    }),
    raw: boolean({
      description: 'Seal one value and print only its ciphertext.',
      exclusive: modes.filter(mode => mode !== 'raw'),
    }),
    'merge-into': string({
      description: 'Put the values into this SealedSecret; comments and order stay.',
      helpValue: 'FILE',
      exclusive: modes.filter(mode => mode !== 'merge-into'),
    }),
    validate: boolean({
      description: 'Check that every value will open in the cluster.',
      exclusive: modes.filter(mode => mode !== 'validate'),
    }),
    edit: boolean({
      description: 'Change values in $EDITOR; only those are sealed anew.',
      exclusive: modes.filter(mode => mode !== 'edit'),
    }),
    reseal: boolean({
      description: 'Move values of a file or folder to the newest key.',
      exclusive: modes.filter(mode => mode !== 'reseal'),
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { flags } = this
    if (flags.validate) return (await import('../flows/seal/validate.ts')).validate(cli, this.#path())
    if (flags.edit) return (await import('../flows/seal/edit.ts')).editSealed(cli, this.#path())
    if (flags.reseal) return (await import('../flows/seal/reseal.ts')).reseal(cli, this.#path())
    const options = this.#options()
    if (flags['in-place']) {
      return (await import('../flows/seal/in-place.ts')).sealInPlace(cli, { ...options, input: this.#path() })
    }
    if (flags.raw) return (await import('../flows/seal/raw.ts')).sealRaw(cli, options)
    const target = flags['merge-into']
    if (target !== undefined) return (await import('../flows/seal/merge.ts')).sealInto(cli, target, options)
    return (await import('../flows/seal/seal.ts')).seal(cli, options)
  }

  #options(): SealOptions {
    const { flags, args } = this
    return {
      input: args.input,
      ...{ name: flags.name, namespace: flags.namespace, scope: flags.scope, type: flags.type },
      ...{ cert: flags.cert, format: flags.format, output: flags.output },
      labels: flags.label ?? [],
      literals: flags['from-literal'] ?? [],
      files: flags['from-file'] ?? [],
      allowEmpty: flags['allow-empty-data'],
    }
  }

  #path(): string {
    if (this.args.input !== undefined) return this.args.input
    throw new UsageError('Name the file or folder.', { code: 'input-missing', hint: 'cosmos seal --help' })
  }
}
