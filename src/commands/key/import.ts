import { string as stringArg } from '@oclif/core/args'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class KeyImport extends CosmosCommand<typeof KeyImport> {
  static override summary = 'Take over sealing keys of another cluster.'
  static override description =
    `From PEM files (certificate and private key, together or apart), or from the controller's Secrets:
kubectl -n kube-system get secret -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml`
  static override examples = [
    '<%= config.bin %> key import tls.crt tls.key',
    '<%= config.bin %> key import backup.yaml',
  ]
  static override strict = false
  static override args = {
    file: stringArg({
      ignoreStdin: true,
      required: true,
      description: 'PEM files, or manifests of Secrets; - for standard input.',
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { importKeys } = await import('../../flows/keys/import.ts')
    return importKeys(cli, this.rest)
  }
}
