/** Makes dist/ and oclif.manifest.json from src/. Run by `npm run build`, and by npm after an install of the checkout. */
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Plugin } from '@oclif/core'
import { settings } from '@oclif/core/settings'

const root = dirname(import.meta.dirname)
const manifestFile = join(root, 'oclif.manifest.json')

rmSync(join(root, 'dist'), { recursive: true, force: true })
rmSync(manifestFile, { force: true })
if (compiled()) {
  chmodSync(join(root, 'bin', 'run.js'), 0o755)
  await writeManifest()
} else {
  process.exitCode = 1
}

/** The compiler says itself what is wrong. */
function compiled(): boolean {
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json')
  const args = [join(dirname(tsc), 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json')]
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0
}

/** What `oclif manifest` writes, without its command line: every command with its flags, so that none is loaded for help. */
async function writeManifest(): Promise<void> {
  settings.enableAutoTranspile = false
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true })
  await plugin.load()
  writeFileSync(manifestFile, `${JSON.stringify(plugin.manifest, null, 2)}\n`)
}
