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
  it('is one shell command that answers even where nothing is there', () => {
    const { status, stdout } = spawnSync('bash', ['-c', firstBootProbe(0)], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    })
    assert.equal(status, 0)
    assert.equal(parseFirstBootProbe(stdout).state, 'cloud-init')
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
    const script = releaseScript('acme', 7, 180)
    const order = [
      'cordon',
      'drain',
      'systemctl stop k3s',
      'k3s-killall.sh',
      'umount /data',
      'needs_recovery',
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
    assert.equal(spawnSync('bash', ['-n'], { input: releaseScript('acme', 7, 180) }).status, 0)
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
