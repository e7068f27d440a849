/** What `--json` prints. */
export type InitResult = {
  name: string
  files: string[]
  kept: string[]
  sshKey: { path: string; created: boolean }
  tokenStored: boolean
  monthlyGross: number
}

const meanings: Record<string, string> = {
  'cosmos.vault.age': 'every secret, encrypted; commit it, keep its key safe',
  'cosmos.sealing.crt': 'seals without the vault; public, commit it',
  '.gitkeep': 'the folder that Argo CD reads; applications go there',
  '.gitignore': 'keeps .cosmos/, the local state, out of Git',
}

/** What was written, and what to type next. */
export function nextSteps(result: InitResult, { tokenMissing }: { tokenMissing: boolean }): string {
  const key = result.sshKey.created ? [result.sshKey.path] : []
  const width = Math.max(...[...result.files, ...key].map(file => file.length))
  const written = result.files.map((file, index) => {
    const meaning =
      index === 0 ? 'what you want to have; commit it' : (meanings[file.split('/').at(-1) ?? ''] ?? '')
    return `  ${file.padEnd(width)}  ${meaning}`
  })
  const [config = 'cosmos.yaml'] = result.files
  return [
    '',
    'Written:',
    ...written,
    ...key.map(path => `  ${path.padEnd(width)}  new SSH key to log in with; stays on this machine`),
    ...result.kept.map(file => `  ${file}  what was there before`),
    '',
    'Next:',
    `  git add ${result.files.join(' ')}`,
    `  git commit -m "Declare the cluster ${result.name}" && git push`,
    ...(tokenMissing ? ['  export HCLOUD_TOKEN=…'] : []),
    `  cosmos up --plan${config === 'cosmos.yaml' ? '' : ` --config ${config}`}`,
  ].join('\n')
}
