import type { Guest } from '../guest.ts'
import { quoteShell, strftime } from '../shell/builtins/printf.ts'
import { runShell } from '../shell/exec.ts'
import { defaultPath } from '../shell/shell.ts'
import { fileChannel, nullChannel, OpenFile, sinkChannel } from '../shell/streams.ts'
import { type CloudConfig, isRecord, listOf, parseCloudConfig, textOf } from './cloud-config.ts'
import { mountsModule } from './mounts-module.ts'
import { sshModule, usersModule } from './ssh-module.ts'
import { decodeUserData, userDataParts } from './user-data.ts'
import { writeFiles } from './write-files.ts'

const log = '/var/log/cloud-init.log'
const outputLog = '/var/log/cloud-init-output.log'
const scripts = '/var/lib/cloud/instance/scripts'

/** cloud-init of one boot: the stages in order, what they log, and the status they leave (facts/vm-lab.md §5). */
export class CloudInit {
  readonly #guest: Guest
  #config: CloudConfig = {}
  #firstUser = 'root'
  #scripts: string[] = []

  constructor(guest: Guest) {
    this.#guest = guest
  }

  #log(level: string, text: string, source = 'util.py'): void {
    const { guest } = { guest: this.#guest }
    const line = `${strftime('%F %T', guest.clock.now())},000 - ${source}[${level}]: ${text}\n`
    guest.vfs.writeFile(log, line, { append: true })
  }

  #print(text: string): void {
    this.#guest.vfs.writeFile(outputLog, text, { append: true })
    this.#guest.console(text)
  }

  #warn(text: string, source?: string): void {
    this.#log('WARNING', text, source)
    const list = this.#guest.cloudInit.recoverable
    list.WARNING = [...(list.WARNING ?? []), text]
  }

  async #module(stage: string, name: string, run: () => Promise<void> | void): Promise<void> {
    this.#log(
      'DEBUG',
      `Running module ${name} (<module 'cloudinit.config.cc_${name.replaceAll('-', '_')}'>) with frequency once-per-instance`,
      'modules.py',
    )
    try {
      await run()
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'AbortError' || error.constructor.name === 'Killed')
        throw error
      this.#log(
        'WARNING',
        `Running module ${name} (<module 'cloudinit.config.cc_${name.replaceAll('-', '_')}'>) failed`,
      )
      this.#log(
        'DEBUG',
        `Running module ${name} failed\nTraceback (most recent call last):\n${error.message}`,
      )
      this.#guest.cloudInit.errors.push(
        `('${name}', ${error.constructor.name === 'Error' ? 'RuntimeError' : error.constructor.name}(${JSON.stringify(error.message)}))`,
      )
    }
    this.#guest.cloudInit.stage = stage
  }

  /** Local and network stage: user data fetched, everything up to the SSH module. sshd may start afterwards. */
  async network(): Promise<void> {
    const guest = this.#guest
    Object.assign(guest.cloudInit, {
      status: 'running',
      stage: 'init',
      startedMs: guest.clock.now(),
      errors: [],
      recoverable: {},
      detail: 'DataSourceHetzner',
    })
    this.#print(
      `Cloud-init v. 24.4-0ubuntu1 running 'init' at ${strftime('%a, %d %b %Y %T +0000', guest.clock.now())}. Up ${this.#up()} seconds.\n`,
    )
    guest.vfs.mkdirs(scripts)
    const parts = userDataParts(guest.spec.userData)
    const copy = (name: string, text: string) =>
      guest.vfs.writeFile(`/var/lib/cloud/instance/${name}`, text, { mode: 0o600 })
    if (guest.spec.userData) copy('user-data.txt', decodeUserData(guest.spec.userData))
    for (const part of parts) this.#takePart(part)
    const cloudConfig = parts.find(part => part.kind === 'cloud-config')
    if (cloudConfig) copy('cloud-config.txt', cloudConfig.text)
    const config = this.#config
    await this.#module('init', 'bootcmd', () => this.#bootcmd(config.bootcmd))
    await this.#module('init', 'write-files', () => {
      for (const warning of writeFiles(guest.vfs, config.write_files, false))
        this.#warn(warning, 'cc_write_files.py')
    })
    await this.#module('init', 'disk-setup', () => undefined)
    await this.#module('init', 'mounts', async () => {
      for (const warning of await mountsModule(guest, config)) this.#warn(warning, 'subp.py')
    })
    await this.#module('init', 'set-hostname', () => {
      if (config.preserve_hostname === true) return
      const name = textOf(config.hostname) || textOf(config.fqdn).split('.')[0] || guest.spec.name
      guest.setHostname(name)
      guest.vfs.writeFile('/etc/hostname', `${name}\n`)
      if (config.manage_etc_hosts)
        guest.vfs.writeFile('/etc/hosts', `127.0.1.1 ${name} ${name}\n127.0.0.1 localhost\n::1 localhost\n`)
    })
    await this.#module('init', 'users-groups', () => {
      this.#firstUser = usersModule(guest, config)
    })
    await this.#module('init', 'ssh', () => sshModule(guest, config, this.#firstUser))
  }

  #takePart(part: { kind: string; name: string; text: string }): void {
    const guest = this.#guest
    if (part.kind === 'cloud-config') {
      const { config, error } = parseCloudConfig(part.text)
      if (error) {
        this.#log('WARNING', error)
        this.#log('WARNING', `Failed at merging in cloud config part from ${part.name}`, 'cloud_config.py')
        guest.cloudInit.errors.push(error)
        guest.console(`[WARNING]: ${error}\n`)
      }
      this.#config = { ...this.#config, ...config }
    } else if (part.kind === 'script') {
      const path = `${scripts}/${part.name}`
      guest.vfs.writeFile(path, part.text, { mode: 0o700 })
      this.#scripts.push(path)
    } else {
      this.#warn(
        `Unhandled non-multipart (text/x-not-multipart) userdata: 'b${JSON.stringify(part.text.slice(0, 24)).replaceAll('"', "'")}...'`,
        '__init__.py',
      )
    }
  }

  /** Config and final stage: runcmd and scripts, then the result. */
  async final(): Promise<void> {
    const guest = this.#guest
    const config = this.#config
    const runcmd = listOf(config.runcmd)
    guest.cloudInit.stage = 'modules-config'
    this.#print(
      `Cloud-init v. 24.4-0ubuntu1 running 'modules:config' at ${strftime('%a, %d %b %Y %T +0000', guest.clock.now())}. Up ${this.#up()} seconds.\n`,
    )
    await this.#module('modules-config', 'ntp', () => undefined)
    await this.#module('modules-config', 'timezone', () => {
      if (config.timezone) guest.vfs.writeFile('/etc/timezone', `${textOf(config.timezone)}\n`)
    })
    await this.#module('modules-config', 'runcmd', () => {
      if (runcmd.length === 0) return
      const path = `${scripts}/runcmd`
      guest.vfs.writeFile(
        path,
        `#!/bin/sh\n${runcmd.map(line => (Array.isArray(line) ? line.map(word => quoteShell(textOf(word))).join(' ') : textOf(line))).join('\n')}\n`,
        { mode: 0o700 },
      )
      this.#scripts.unshift(path)
    })
    guest.cloudInit.stage = 'modules-final'
    this.#print(
      `Cloud-init v. 24.4-0ubuntu1 running 'modules:final' at ${strftime('%a, %d %b %Y %T +0000', guest.clock.now())}. Up ${this.#up()} seconds.\n`,
    )
    await this.#module('modules-final', 'package_update_upgrade_install', async () => {
      const wants = [config.package_update, config.package_upgrade, config.apt_update].some(Boolean)
      if (wants) await guest.clock.sleep(guest.vary(config.package_upgrade ? 60_000 : 15_000))
      if (listOf(config.packages).length > 0) await guest.clock.sleep(guest.vary(9_000))
    })
    await this.#module('modules-final', 'write_files_deferred', () => {
      for (const warning of writeFiles(guest.vfs, config.write_files, true))
        this.#warn(warning, 'cc_write_files.py')
    })
    await this.#module('modules-final', 'scripts_user', () => this.#runScripts())
    await this.#module('modules-final', 'final_message', () =>
      this.#print(
        `Cloud-init v. 24.4-0ubuntu1 finished at ${strftime('%a, %d %b %Y %T +0000', guest.clock.now())}. Datasource DataSourceHetzner.  Up ${this.#up()} seconds\n`,
      ),
    )
    this.finish()
    if (isRecord(config.power_state))
      guest.shutDown(textOf(config.power_state.mode) === 'reboot' ? 'reboot' : 'off')
  }

  /** Writes result.json and status; `cloud-init status --wait` returns. */
  finish(): void {
    const { cloudInit, vfs, clock } = this.#guest
    Object.assign(cloudInit, {
      status: cloudInit.errors.length > 0 ? 'error' : 'done',
      finishedMs: clock.now(),
    })
    vfs.mkdirs('/run/cloud-init')
    vfs.mkdirs('/var/lib/cloud/data')
    const result = JSON.stringify(
      { v1: { datasource: 'DataSourceHetzner', errors: cloudInit.errors } },
      null,
      1,
    )
    for (const path of ['/run/cloud-init/result.json', '/var/lib/cloud/data/result.json'])
      vfs.writeFile(path, `${result}\n`)
    vfs.writeFile(
      '/var/lib/cloud/instance/boot-finished',
      `${this.#up()} - ${strftime('%a, %d %b %Y %T +0000', clock.now())}\n`,
    )
  }

  #up(): string {
    return ((this.#guest.clock.now() - this.#guest.bootedMs) / 1000).toFixed(2)
  }

  async #bootcmd(value: unknown): Promise<void> {
    const lines = listOf(value)
    if (lines.length === 0) return
    const text = lines
      .map(line =>
        Array.isArray(line) ? line.map(word => quoteShell(textOf(word))).join(' ') : textOf(line),
      )
      .join('\n')
    const status = await this.#run(text, 'bootcmd', 'cloud-init.service')
    if (status !== 0)
      throw new Error(
        `Unexpected error while running command.\nCommand: ['/bin/sh', '/tmp/bootcmd']\nExit code: ${status}`,
      )
  }

  async #runScripts(): Promise<void> {
    let failures = 0
    const failed: string[] = []
    const started = [...this.#scripts].sort()
    for (const path of started) {
      const name = path.split('/').at(-1) ?? ''
      const status = await this.#run(this.#guest.vfs.readText(path), path, 'cloud-final.service')
      if (status === 0) continue
      failures += 1
      failed.push(name)
      this.#log('WARNING', `Failed running ${path} [${status}]`, 'subp.py')
      this.#print(
        `${strftime('%F %T', this.#guest.clock.now())},000 - cc_scripts_user.py[WARNING]: Failed to run module scripts_user (scripts in ${scripts})\n`,
      )
    }
    if (failures > 0)
      throw new Error(
        `Runparts: ${failures} failures (${failed.join(', ')}) in ${started.length} attempted commands`,
      )
  }

  /** Runs a script with its output in the log and on the console, as cloud-init's `output: tee` does. */
  async #run(text: string, name: string, unit: string): Promise<number> {
    const guest = this.#guest
    const file = guest.vfs.create(outputLog, '/', { truncate: false })
    const channel = fileChannel(guest.vfs, file, true)
    const output = new OpenFile({
      ...sinkChannel(async data => {
        await channel.write(data, new AbortController().signal)
        guest.console(data.toString('utf8'))
      }),
    })
    return runShell(guest, text, {
      name,
      env: { PATH: defaultPath, HOME: '/root', LANG: 'C.UTF-8', USER: 'root' },
      cwd: '/',
      fds: new Map([
        [0, new OpenFile(nullChannel)],
        [1, output],
        [2, output],
      ]),
      cgroup: `/system.slice/${unit}`,
    })
  }
}
