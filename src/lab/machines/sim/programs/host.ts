import { parseArguments } from '../commands/arguments.ts'
import type { Guest } from '../guest.ts'
import { osRelease } from '../image/system-image.ts'
import { strftime } from '../shell/builtins/printf.ts'
import type { Program } from '../shell/host.ts'
import type { Process } from '../shell/process.ts'
import { signalNumber } from '../shell/process.ts'
import { escapePath, unescapePath } from '../systemd/unit-file.ts'

const commandOf = (process: Process) => (process.argv[0] ?? '').split('/').at(-1) ?? ''

function processes(guest: Guest): Record<string, Program> {
  const matching = (pattern: string, full: boolean, exact: boolean) => {
    const expression = new RegExp(exact ? `^(?:${pattern})$` : pattern)
    return [...guest.processes.all.values()].filter(process =>
      expression.test(full ? process.argv.join(' ') : commandOf(process)),
    )
  }
  const pgrep: Program = async call => {
    const { flags, values, rest } = parseArguments(
      call.args.filter(word => !(call.name === 'pkill' && /^-(\d+|[A-Z]+)$/.test(word))),
      ['u', 'signal', 'P'],
    )
    const parent = values.get('P')
    const found = (
      parent
        ? [...guest.processes.all.values()].filter(process => process.ppid === Number(parent))
        : matching(rest[0] ?? '', flags.has('f'), flags.has('x'))
    ).filter(process => process.pid !== call.process.pid && process.pid !== call.process.ppid)
    if (call.name === 'pkill') {
      const word =
        call.args.find(argument => /^-(\d+|[A-Z]+)$/.test(argument))?.slice(1) ??
        values.get('signal') ??
        'TERM'
      for (const process of found) guest.processes.kill(process.pid, signalNumber(word) ?? 15)
    } else
      for (const process of found)
        await call.out(
          flags.has('a') || flags.has('l')
            ? `${process.pid} ${process.argv.join(' ')}\n`
            : `${process.pid}\n`,
        )
    return found.length > 0 ? 0 : 1
  }
  return {
    pgrep,
    pkill: pgrep,
    pidof: async call => {
      const found = matching(call.args.at(-1) ?? '', false, true)
      if (found.length > 0) await call.out(`${found.map(process => process.pid).join(' ')}\n`)
      return found.length > 0 ? 0 : 1
    },
    killall: call => {
      const found = matching(call.args.at(-1) ?? '', false, true)
      for (const process of found)
        guest.processes.kill(
          process.pid,
          signalNumber(call.args.find(word => /^-/.test(word))?.slice(1) ?? 'TERM') ?? 15,
        )
      return found.length > 0 ? 0 : 1
    },
    ps: async call => {
      const { values, rest } = parseArguments(call.args, ['o', 'p', 'C', 'ppid'])
      const columns = (values.get('o') ?? 'pid,tty,time,cmd').split(',')
      const pids = values.get('p')?.split(',').map(Number)
      const list = [...guest.processes.all.values()]
        .filter(
          process =>
            (pids ? pids.includes(process.pid) : true) &&
            (values.has('C') ? commandOf(process) === values.get('C') : true),
        )
        .sort((a, b) => a.pid - b.pid)
      if (columns.some(column => !column.endsWith('=')))
        await call.out(`${columns.map(column => column.replace(/=.*/, '').toUpperCase()).join(' ')}\n`)
      for (const process of list) {
        const fields: Record<string, string> = {
          pid: String(process.pid),
          ppid: String(process.ppid),
          tty: '?',
          time: '00:00:00',
          comm: commandOf(process),
          cmd: process.argv.join(' '),
          args: process.argv.join(' '),
          command: process.argv.join(' '),
          user: 'root',
          stat: 'S',
          state: 'S',
          etimes: String(Math.floor((guest.clock.now() - process.startedMs) / 1000)),
        }
        await call.out(`${columns.map(column => fields[column.replace(/=.*/, '')] ?? '').join(' ')}\n`)
      }
      return list.length > 0 || rest.length > 0 ? 0 : 1
    },
  }
}

function identity(guest: Guest): Record<string, Program> {
  const { spec } = guest
  const machine = spec.architecture === 'arm' ? 'aarch64' : 'x86_64'
  return {
    hostname: async call => {
      const name = call.args.find(argument => !argument.startsWith('-'))
      if (name) guest.setHostname(name)
      else if (call.args.includes('-I')) await call.out(`${guest.addresses.ipv4 ?? ''} \n`)
      else await call.out(`${call.args.includes('-s') ? guest.hostname().split('.')[0] : guest.hostname()}\n`)
      return 0
    },
    hostnamectl: async call => {
      const [verb, name] = call.args.filter(argument => !argument.startsWith('-'))
      if ((verb === 'set-hostname' || verb === 'hostname') && name) {
        guest.vfs.writeFile('/etc/hostname', `${name}\n`)
        guest.setHostname(name)
      } else await call.out(` Static hostname: ${guest.hostname()}\n`)
      return 0
    },
    uname: async call => {
      const { flags } = parseArguments(call.args)
      const parts: string[] = []
      if (flags.size === 0 || flags.has('s') || flags.has('a')) parts.push('Linux')
      if (flags.has('n') || flags.has('a')) parts.push(guest.hostname())
      if (flags.has('r') || flags.has('a')) parts.push('6.8.0-71-generic')
      if (flags.has('v') || flags.has('a')) parts.push('#71-Ubuntu SMP')
      if (flags.has('m') || flags.has('p') || flags.has('i') || flags.has('a')) parts.push(machine)
      if (flags.has('a')) parts.push('GNU/Linux')
      await call.out(`${parts.join(' ')}\n`)
      return 0
    },
    arch: async call => {
      await call.out(`${machine}\n`)
      return 0
    },
    nproc: async call => {
      await call.out(`${spec.cores}\n`)
      return 0
    },
    free: async call => {
      const mega = spec.memoryGb * 1024
      const unit = call.args.includes('-m') ? 1 : call.args.includes('-g') ? 1 / 1024 : 1024
      const show = (value: number) => String(Math.round(value * unit)).padStart(12)
      await call.out(
        `${' '.repeat(15)}total        used        free      shared  buff/cache   available\nMem:    ${show(mega)}${show(mega * 0.3)}${show(mega * 0.4)}${show(4)}${show(mega * 0.3)}${show(mega * 0.65)}\nSwap:   ${show(0)}${show(0)}${show(0)}\n`,
      )
      return 0
    },
    uptime: async call => {
      const up = Math.floor((guest.clock.now() - guest.bootedMs) / 60000)
      if (call.args.includes('-s')) await call.out(`${strftime('%F %T', guest.bootedMs)}\n`)
      else if (call.args.includes('-p')) await call.out(`up ${up} minutes\n`)
      else
        await call.out(
          ` ${strftime('%T', guest.clock.now())} up ${up} min,  0 users,  load average: 0.20, 0.15, 0.10\n`,
        )
      return 0
    },
    lsb_release: async call => {
      await call.out(`${/VERSION_CODENAME=(.*)/.exec(osRelease(spec.image))?.[1] ?? ''}\n`)
      return 0
    },
    dmesg: async call => {
      for (const entry of guest.journal.entries.filter(one => one.unit === 'kernel'))
        await call.out(`[${((entry.ms - guest.bootedMs) / 1000).toFixed(6).padStart(12)}] ${entry.text}\n`)
      return 0
    },
  }
}

function settings(guest: Guest): Record<string, Program> {
  return {
    timedatectl: async call => {
      if (call.args.length === 0 || call.args[0] === 'status')
        await call.out(
          `               Local time: ${strftime('%a %F %T UTC', guest.clock.now())}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: yes\n`,
        )
      if (call.args[0] === 'show') await call.out('Timezone=Etc/UTC\nNTPSynchronized=yes\n')
      return 0
    },
    sysctl: async call => {
      const { flags, values, rest } = parseArguments(call.args, ['p', 'w'])
      const set = (line: string) => {
        const [key = '', value = ''] = line.split('=').map(part => part.trim())
        guest.vfs.mkdirs('/run/sim')
        guest.vfs.writeFile(`/run/sim/sysctl.${key}`, value)
        return `${key} = ${value}\n`
      }
      if (flags.has('system') || values.has('p')) {
        const files = flags.has('system')
          ? guest.vfs.readDir('/etc/sysctl.d').map(name => `/etc/sysctl.d/${name}`)
          : [values.get('p') || '/etc/sysctl.conf']
        for (const file of files)
          for (const line of guest.vfs.readText(file).split('\n'))
            if (/^\s*[^#;\s].*=/.test(line)) await call.out(set(line))
        return 0
      }
      for (const word of [...rest, ...(values.has('w') ? [values.get('w') as string] : [])]) {
        if (word.includes('=')) await call.out(set(word))
        else {
          const value = guest.vfs.exists(`/run/sim/sysctl.${word}`)
            ? guest.vfs.readText(`/run/sim/sysctl.${word}`)
            : '0'
          await call.out(flags.has('n') ? `${value}\n` : `${word} = ${value}\n`)
        }
      }
      return 0
    },
    logger: async call => {
      const { values, rest } = parseArguments(call.args, ['t', 'p', 'tag', 'priority'])
      const text = rest.length > 0 ? rest.join(' ') : (await call.stdin.readAll(call.signal)).toString('utf8')
      guest.journal.write('user', values.get('t') ?? values.get('tag') ?? 'root', text, {
        pid: call.process.pid,
      })
      return 0
    },
    'systemd-cat': async call => {
      const { values, rest } = parseArguments(call.args, ['t', 'p'], [], true)
      if (rest.length > 0) return call.run(rest)
      guest.journal.write(
        'user',
        values.get('t') ?? 'cat',
        (await call.stdin.readAll(call.signal)).toString('utf8'),
      )
      return 0
    },
    'systemd-escape': async call => {
      const { flags, values, rest } = parseArguments(call.args, ['suffix', 'template'])
      for (const word of rest) {
        const text = flags.has('u') || flags.has('unescape') ? unescapePath(word) : escapePath(word)
        await call.out(`${text}${values.has('suffix') ? `.${values.get('suffix')}` : ''}\n`)
      }
      return 0
    },
    'systemd-inhibit': async call => {
      if (call.args.includes('--list'))
        await call.out(
          guest.systemd.isActive('k3s.service') &&
            guest.vfs.exists('/var/lib/rancher/k3s/agent/etc/kubelet.conf.d')
            ? 'WHO     UID USER PID COMM WHAT     WHY                MODE\nkubelet 0   root 1   k3s  shutdown Kubelet needs time delay\n'
            : 'No inhibitors.\n',
        )
      return 0
    },
    'systemd-run': async call => {
      const { values, flags, rest } = parseArguments(
        call.args,
        ['u', 'unit', 'p', 'property', 'on-active', 'description', 'E', 'setenv', 'slice'],
        [],
        true,
      )
      const name = `${(values.get('u') ?? values.get('unit') ?? `run-u${call.process.pid}`).replace(/\.service$/, '')}.service`
      guest.vfs.mkdirs('/run/systemd/system')
      guest.vfs.writeFile(
        `/run/systemd/system/${name}`,
        `[Service]\nType=${flags.has('wait') ? 'oneshot' : 'simple'}\nExecStart=${rest.map(word => (/\s/.test(word) ? `"${word.replace(/(["\\])/g, '\\$1')}"` : word)).join(' ')}\n`,
      )
      const result = await guest.systemd.start(name)
      if (result.message) await call.err(`${result.message}\n`)
      else if (!flags.has('q') && !flags.has('quiet')) await call.err(`Running as unit: ${name}\n`)
      return result.code
    },
    'systemd-analyze': () => 0,
    'systemd-tmpfiles': () => 0,
    loginctl: () => 0,
    modprobe: () => 0,
    locale: () => 0,
    useradd: async call => {
      const name = call.args.at(-1) ?? ''
      guest.vfs.writeFile('/etc/passwd', `${name}:x:1000:1000::/home/${name}:/bin/bash\n`, { append: true })
      guest.vfs.mkdirs(`/home/${name}`)
      return 0
    },
    usermod: () => 0,
    chpasswd: () => 0,
    passwd: () => 0,
    'apt-get': async call => {
      await guest.clock.sleep(guest.vary(call.args.includes('update') ? 6000 : 9000), call.signal)
      const packages = call.args.filter(
        word => !word.startsWith('-') && !['install', 'update', 'upgrade', 'remove', 'purge'].includes(word),
      )
      if (!call.args.includes('-qq'))
        await call.out(
          call.args.includes('update')
            ? 'Reading package lists...\n'
            : packages.map(name => `Setting up ${name} ...\n`).join(''),
        )
      return 0
    },
    ...Object.fromEntries(['shutdown', 'poweroff', 'reboot', 'halt'].map(name => [name, power(guest)])),
  }
}

function power(guest: Guest): Program {
  return call => {
    if (call.args.includes('-c')) return 0
    guest.shutDown(call.name === 'reboot' || call.args.includes('-r') ? 'reboot' : 'off')
    return 0
  }
}

/** Programs about processes, names, power and settings of the machine. */
export function hostPrograms(guest: Guest): Record<string, Program> {
  return { ...processes(guest), ...identity(guest), ...settings(guest) }
}
