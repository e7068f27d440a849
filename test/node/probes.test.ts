import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  clusterProbe,
  firstBootProbe,
  isReleased,
  parseClusterProbe,
  parseFirstBootProbe,
  releaseScript,
  shellQuote,
} from '../../src/node/index.ts'

const answer = (sections: Record<string, string>) =>
  Object.entries(sections)
    .map(([name, text]) => `\u001e${name}\n${text}`)
    .join('')
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('first boot probe', () => {
  it('is one shell command that answers even where nothing is there, and says so', () => {
    const { status, stdout } = spawnSync('/bin/bash', ['-c', firstBootProbe(0)], {
      encoding: 'utf8',
      env: { PATH: '/nowhere' },
    })
    assert.equal(status, 0)
    const seen = parseFirstBootProbe(stdout)
    assert.deepEqual([seen.state, seen.lastLines], ['failed', ['There is no cloud-init on this machine.']])
  })

  it('waits while cloud-init is at work, even when one of its modules has failed', () => {
    for (const status of ['{"status":"running","errors":[]}', '{"status":"error","errors":["x"]}', ''])
      assert.equal(
        parseFirstBootProbe(answer({ installed: '/usr/bin/cloud-init\n', status })).state,
        'cloud-init',
      )
  })

  it('does not wait for a cloud-init that is disabled', () => {
    const sections = { installed: '/usr/bin/cloud-init\n', status: '{"status": "disabled"}' }
    assert.equal(parseFirstBootProbe(answer(sections)).state, 'failed')
  })

  it('goes on in the log where it was', () => {
    const seen = parseFirstBootProbe(
      answer({
        report: '{"state":"running","step":"Install K3s","exitCode":0}',
        offset: '10',
        log: base64('neü\n'),
      }),
    )
    assert.deepEqual(
      [seen.state, seen.step, seen.log, seen.nextOffset],
      ['running', 'Install K3s', 'neü\n', 15],
    )
  })

  it('tells no half line, and tells it whole the next time', () => {
    const report = '{"state":"running","step":"x","exitCode":null}'
    const seen = parseFirstBootProbe(answer({ report, offset: '0', log: base64('one\ntw') }))
    assert.deepEqual([seen.log, seen.nextOffset], ['one\n', 4])
    const last = parseFirstBootProbe(
      answer({ report: '{"state":"done","step":"Done","exitCode":0}', offset: '4', log: base64('two') }),
    )
    assert.deepEqual([last.log, last.nextOffset], ['two', 7])
  })

  it('notices a script that died without a word, but not while the system starts', () => {
    const report = '{"state":"running","step":"Install K3s","exitCode":null}'
    const dead = { before: report, unit: 'inactive\n', system: 'degraded\n', report, tail: 'last words\n' }
    const seen = parseFirstBootProbe(answer(dead))
    assert.deepEqual(
      [seen.state, seen.lastLines],
      ['failed', ['last words', 'It was cut off: its process is gone.']],
    )
    for (const alive of [{ unit: 'activating\n' }, { system: 'starting\n' }, { before: '' }])
      assert.equal(parseFirstBootProbe(answer({ ...dead, ...alive })).state, 'running')
  })

  it('says step, exit code and the last lines of a failure', () => {
    const seen = parseFirstBootProbe(
      answer({
        report: '{"state":"failed","step":"Install K3s","exitCode":22}',
        tail: 'curl: (22)\nfailed\n',
      }),
    )
    assert.deepEqual(
      [seen.state, seen.step, seen.exitCode, seen.lastLines],
      ['failed', 'Install K3s', 22, ['curl: (22)', 'failed']],
    )
  })

  it('calls it failed when cloud-init has ended and our script never began', () => {
    const seen = parseFirstBootProbe(
      answer({
        result: '{"v1":{"datasource":"DataSourceHetzner","errors":[]}}',
        status: '{"status":"done","errors":[]}',
        warnings: '2026 - __init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata\n',
      }),
    )
    assert.equal(seen.state, 'failed')
    assert.match(seen.lastLines[0] ?? '', /Unhandled/)
  })

  it('finds the module in the log, and what newer cloud-inits call recoverable', () => {
    const seen = parseFirstBootProbe(
      answer({
        result: '{"v1":{"errors":[],"recoverable_errors":{"WARNING":["No read_files"]}}}',
        warnings: '2026 - util.py[WARNING]: Running module write-files (<module x>) failed\n',
      }),
    )
    assert.deepEqual(seen.cloudInit, { status: 'unknown', errors: ['No read_files'], module: 'write-files' })
  })

  it('names the module that failed', () => {
    const status = JSON.stringify({
      status: 'error',
      errors: ["('scripts_user', RuntimeError('Runparts: 1 failures (runcmd)'))"],
    })
    assert.equal(parseFirstBootProbe(answer({ status })).cloudInit?.module, 'scripts_user')
  })
})

describe('cluster probe', () => {
  const workload = (name: string, readyReplicas = 1) => ({
    metadata: { name },
    spec: { replicas: 1 },
    status: { readyReplicas },
  })
  const complete = ['argocd-server', 'argocd-repo-server', 'argocd-application-controller']
  const sections = (changes: Record<string, string> = {}) =>
    answer({
      node: JSON.stringify({ status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      workloads: JSON.stringify({ items: complete.map(name => workload(name)) }),
      applications: JSON.stringify({
        items: [
          {
            metadata: { name: 'root' },
            status: { sync: { status: 'Synced' }, health: { status: 'Healthy' } },
          },
        ],
      }),
      pods: 'argocd argocd-server-0 1/1 Running 0 5m\nkube-system helm-install-x 0/1 Completed 0 5m\nx y 0/1 Pending 0 1s\n',
      disk: '1024 4096\n',
      ...changes,
    })

  it('reads what is well', () => {
    assert.deepEqual(parseClusterProbe(sections()), {
      node: { ready: true },
      argocd: { healthy: true, message: '' },
      root: { sync: 'Synced', health: 'Healthy' },
      applications: [{ name: 'root', sync: 'Synced', health: 'Healthy' }],
      pods: { notReady: ['x/y (Pending)'] },
      disk: { usedBytes: 1024, sizeBytes: 4096 },
    })
  })

  it('takes silence for not ready', () => {
    const seen = parseClusterProbe('')
    assert.deepEqual([seen.node.ready, seen.argocd.healthy, seen.root.sync], [false, false, ''])
  })

  it('says why nobody answers', () => {
    const reason = (service: string) => parseClusterProbe(answer({ service })).node.reason
    assert.equal(reason('failed\n'), 'K3s is failed')
    assert.equal(reason('activating\n'), 'K3s does not answer yet')
  })

  it('says what Argo CD waits for, and what is missing', () => {
    const workloads = JSON.stringify({
      items: [workload('argocd-server', 0), workload('argocd-repo-server')],
    })
    assert.deepEqual(parseClusterProbe(sections({ workloads })).argocd, {
      healthy: false,
      message: 'application-controller is missing, argocd-server is not ready',
    })
  })

  it('keeps names from outside out of the shell', () => {
    assert.match(clusterProbe('a; reboot'), /get node 'a; reboot' -o json/)
  })
})

describe('release script', () => {
  it('drains, stops, unmounts and proves, in this order', () => {
    const script = releaseScript({ node: 'acme', volumeId: 7, drainSeconds: 180 })
    const order = [
      'kubectl cordon',
      'kubectl drain',
      'systemctl stop k3s',
      'kill -TERM',
      'k3s-killall.sh >',
      'umount /data 2>',
      'is_open || break',
    ]
    const places = order.map(text => script.indexOf(text))
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    )
    assert.ok(places.every(place => place > 0))
    assert.match(script, /--disable-eviction/)
    assert.doesNotMatch(script, /umount -l/)
  })

  it('is valid bash', () => {
    assert.equal(
      spawnSync('bash', ['-n'], { input: releaseScript({ node: 'acme', volumeId: 7, drainSeconds: 180 }) })
        .status,
      0,
    )
  })

  it('counts only by its last word', () => {
    assert.equal(isReleased('step x\nreleased\n'), true)
    assert.equal(isReleased('released\nstill mounted\n'), false)
    assert.equal(isReleased(''), false)
  })
})

describe('shellQuote', () => {
  it('keeps a word one word', () => {
    for (const word of ['plain', "it's", '$(reboot)', 'a b', '', '`x`', 'a\nb']) {
      const { stdout } = spawnSync('bash', ['-c', `printf %s ${shellQuote(word)}`], { encoding: 'utf8' })
      assert.equal(stdout, word)
    }
  })
})
