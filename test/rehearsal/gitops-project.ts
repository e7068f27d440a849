import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { stringify } from 'yaml'
import type { ConfigInput } from '../../src/config/schema.ts'
import { publicKey } from '../fixtures/cloud.ts'
import { testKey } from '../sealing/keys.ts'
import { SealProject } from './seal-project.ts'

export const apps = 'cosmos/argocd/apps'

/** A repository with a whole cosmos.yaml, in which `cosmos gitops …` runs. */
export class GitopsProject extends SealProject {
  static async make(changes: Partial<ConfigInput> = {}): Promise<GitopsProject> {
    const project = new GitopsProject([await testKey('2026-01-01')])
    await project.lay()
    spawnSync('git', ['init', '-q', project.dir])
    project.declare(changes)
    return project
  }

  declare(changes: Partial<ConfigInput> = {}): void {
    const config: ConfigInput = {
      name: 'acme',
      locations: ['nbg1'],
      server: { types: ['cx23'] },
      volume: { sizeGb: 20 },
      git: { url: 'https://github.com/acme/infra.git' },
      ssh: { publicKey },
      ...changes,
    }
    this.write('cosmos.yaml', stringify(config))
  }

  /** Writes a file below the App-of-Apps folder. */
  put(name: string, text: string): void {
    mkdirSync(dirname(this.path(`${apps}/${name}`)), { recursive: true })
    this.write(`${apps}/${name}`, text)
  }

  has(name: string): boolean {
    return existsSync(this.path(`${apps}/${name}`))
  }

  app(name: string): string {
    return this.read(`${apps}/${name}`)
  }
}
