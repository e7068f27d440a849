import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import ssh2 from 'ssh2'
import { connect, hostKey, type TestLab, testLab, userKey } from './lab.ts'

const mount = 'mounts: [[/dev/disk/by-id/scsi-0HC_Volume_7, /data, ext4, "discard,nofail", "0", "0"]]'

describe('a boot of a simulated machine', () => {
  let lab: TestLab
  beforeEach(() => {
    lab = testLab()
  })
  afterEach(() => lab.end())

  const ended = async () => {
    const { out, code } = await lab.ssh('cloud-init status --wait --format json')
    return { ...JSON.parse(out), code }
  }

  /** facts/vm-lab.md §5, row by row. */
  const rows: [string, string, { status: string; code: number; error?: RegExp }][] = [
    ['all well', '#cloud-config\nruncmd: [echo hi]\n', { status: 'done', code: 0 }],
    [
      'the last line fails',
      '#cloud-config\nruncmd: [echo hi, "false"]\n',
      { status: 'error', code: 1, error: /scripts_user.*1 failures \(runcmd\)/ },
    ],
    ['a line in the middle fails', '#cloud-config\nruncmd: [nosuch, echo hi]\n', { status: 'done', code: 0 }],
    ['a script that exits 1', '#!/bin/sh\nexit 1\n', { status: 'error', code: 1, error: /part-001/ }],
    ['no known format', 'hello\n', { status: 'done', code: 0 }],
    [
      'broken YAML',
      '#cloud-config\na: [1\nb: {\n',
      { status: 'error', code: 1, error: /Failed loading yaml blob/ },
    ],
  ]
  for (const [title, userData, expected] of rows) {
    it(`reports as cloud-init does: ${title}`, async () => {
      await lab.boot(userData)
      const { status, code, errors } = await ended()
      assert.deepEqual({ status, code }, { status: expected.status, code: expected.code })
      if (expected.error) assert.match(errors.join(), expected.error)
      else assert.deepEqual(errors, [])
      const result = JSON.parse((await lab.ssh('cat /run/cloud-init/result.json')).out)
      assert.deepEqual(result.v1.errors, errors)
    })
  }

  it('warns of user data of no known format', async () => {
    await lab.boot('hello\n')
    await ended()
    assert.match((await lab.ssh('grep WARNING /var/log/cloud-init.log')).out, /Unhandled non-multipart/)
  })

  it('does nothing without user data but lets the keys of the API in', async () => {
    await lab.boot(null)
    assert.equal((await lab.ssh('ls /data /usr/local/bin/k3s; hostname')).out, 'demo\n')
  })

  it('reads base64 of gzip, writes files with mode, owner and encoding, mounts, sets the name', async () => {
    const files = [
      '- {path: /root/a/b, content: plain, permissions: "0640", owner: "root:adm"}',
      `- {path: /root/c, encoding: gz+b64, content: ${gzipSync('packed').toString('base64')}}`,
      '- {path: /root/c, content: " more", append: true}',
      '- {path: /root/late, content: x, defer: true}',
    ]
    const config = `#cloud-config\nhostname: other\n${mount}\nwrite_files:\n${files.join('\n')}\nruncmd: [[sh, -c, "echo $0 > /root/ran", "a b"]]\n`
    await lab.boot(gzipSync(config).toString('base64'))
    await ended()
    const { out } = await lab.ssh(
      'hostname; stat -c "%a %U:%G" /root/a/b; cat /root/c /root/ran; ls /root/late; findmnt -no SOURCE /data',
    )
    assert.equal(out, 'other\n640 root:adm\npacked morea b\n/root/late\n/dev/sdb\n')
  })

  it('shows the host key it was given, and refuses other keys', async () => {
    const indented = hostKey.private.replace(/\n/g, '\n    ')
    await lab.boot(
      `#cloud-config\nssh_keys:\n  ed25519_private: |\n    ${indented}\n  ed25519_public: ${hostKey.public}\n`,
    )
    await lab.ssh('true')
    const shown = await new Promise<string>((resolve, reject) => {
      const client = new ssh2.Client()
      const other = ssh2.utils.generateKeyPairSync('ed25519')
      let key = ''
      client.on('error', error =>
        key && /authentication/i.test(error.message) ? resolve(key) : reject(error),
      )
      client.on('ready', () => reject(new Error('let in')))
      client.connect({
        host: lab.address,
        username: 'root',
        privateKey: other.private,
        hostVerifier: (offered: Buffer) => {
          key = offered.toString('base64')
          return true
        },
      })
    })
    assert.equal(shown, hostKey.public.split(' ')[1])
  })

  it('answers on SSH after the network stage and refuses before and after', async () => {
    await lab.boot('#cloud-config\nssh_authorized_keys: []\n')
    await assert.rejects(connect(lab.address, 22, 'true'), /ECONNREFUSED/)
    await lab.ssh('true')
    assert(lab.seconds() > 9, `answered after ${lab.seconds()} s`)
    await lab.machines.powerOff(1)
    await assert.rejects(connect(lab.address, 22, 'true'), /ECONNREFUSED/)
  })

  it('listens where sshd_config says', async () => {
    await lab.boot(
      '#cloud-config\nwrite_files: [{path: /etc/ssh/sshd_config.d/00-x.conf, content: "Port 2222\\n"}]\n',
    )
    assert.equal((await lab.ssh('echo hi', { port: 2222 })).out, 'hi\n')
  })

  it('leaves a late volume unmounted for ever, unless a udev rule asks for more', async () => {
    await lab.boot(`#cloud-config\n${mount}\n`, { volume: false })
    await ended()
    await lab.machines.attachVolume(1, 7)
    await lab.until('test -e /dev/disk/by-id/scsi-0HC_Volume_7')
    assert.equal((await lab.ssh('sleep 100; mountpoint -q /data')).code, 32)
    const unit = '[Service]\nType=oneshot\nExecStart=/bin/mount /data\n'
    const rule =
      'ACTION=="add", SUBSYSTEM=="block", ENV{ID_SERIAL}=="0HC_Volume_7", ENV{SYSTEMD_WANTS}+="late.service"\n'
    await lab.ssh(
      `printf '${unit}' >/etc/systemd/system/late.service; cat >/etc/udev/rules.d/90.rules; systemctl daemon-reload`,
      { stdin: rule },
    )
    assert.equal(await lab.machines.detachVolume(1, 7), false)
    await lab.machines.attachVolume(1, 7)
    await lab.until('mountpoint -q /data')
  })

  it('hangs for ever when told so', async () => {
    lab.faults.boot = 'hang'
    await lab.boot(null)
    await lab.clock.sleep(60_000)
    await assert.rejects(connect(lab.address, 22, 'true'), /ECONNREFUSED/)
    assert.match(await lab.machines.console(1), /Kernel panic/)
  })

  it('turns itself off when asked, and says so', async () => {
    await lab.boot(null)
    await lab.ssh('true')
    const off = new Promise<number>(resolve => lab.machines.onPowerOff(resolve))
    await lab.machines.askShutdown(1)
    assert.equal(await off, 1)
    assert.equal(lab.machines.isOn(1), false)
  })

  it('streams, passes stdin and exit codes, and stops what a lost connection ran', async () => {
    await lab.boot(null)
    const answer = await lab.ssh('cat; echo err >&2; exit 7', { stdin: 'in' })
    assert.deepEqual(answer, { out: 'in', err: 'err\n', code: 7 })
    lab.faults.ssh = 'drop'
    await connect(lab.address, 22, 'sleep 5000; touch /root/done').catch(() => undefined)
    const { out } = await lab.until('! pgrep -x sleep; ls /root')
    assert.equal(out, '')
  })

  it('has a shell with a prompt on a terminal', async () => {
    await lab.boot(null)
    await lab.ssh('true')
    const text = await new Promise<string>((resolve, reject) => {
      const client = new ssh2.Client()
      client.on('error', reject)
      client.on('ready', () =>
        client.shell((error, channel) => {
          if (error) return reject(error)
          let seen = ''
          const typed = ['cd /tmp\r', 'sleep 100000\r', 'echo $((1+1)) after\r', '\x04']
          channel.on('data', (data: Buffer) => {
            seen += data.toString('utf8')
            if (seen.endsWith('# ')) channel.write(typed.shift() ?? '')
            if (seen.endsWith('sleep 100000\r\n')) setTimeout(() => channel.write('\x03'), 20)
          })
          channel.on('close', () => {
            client.end()
            resolve(seen)
          })
        }),
      )
      client.connect({ host: lab.address, username: 'root', privateKey: userKey.private })
    })
    assert.match(text, /root@demo:\/tmp# /)
    assert.match(text, /2 after/)
  })
})
