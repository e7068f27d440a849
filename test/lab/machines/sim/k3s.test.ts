import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { parse } from 'yaml'
import { type TestLab, testLab } from './lab.ts'

const manifests = '/var/lib/rancher/k3s/server/manifests'
const install = 'runcmd: ["curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.37.1+k3s1 sh -"]\n'
const argo = `apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: argocd, namespace: kube-system}
spec:
  repo: https://argoproj.github.io/argo-helm
  chart: argo-cd
  version: 10.1.1
  targetNamespace: argocd
  createNamespace: true
  bootstrap: true
`
const application = (name: string, url: string, path = 'apps') => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  source: {repoURL: "${url}", path: "${path}"}
  syncPolicy: {automated: {}}
`
const secret = (namespace: string) => `apiVersion: v1
kind: Secret
metadata: {name: s, namespace: ${namespace}}
stringData: {a: b}
`

function userData(files: Record<string, string>): string {
  const entries = Object.entries(files).map(
    ([name, content]) =>
      `- {path: ${name.startsWith('/') ? name : `${manifests}/${name}`}, content: ${JSON.stringify(content)}}\n`,
  )
  return `#cloud-config\n${entries.length > 0 ? `write_files:\n${entries.join('')}` : ''}${install}`
}

describe('K3s on a simulated machine', () => {
  let lab: TestLab
  beforeEach(() => {
    lab = testLab(400)
  })
  afterEach(() => lab.end())
  const ready =
    'k3s kubectl get nodes -o jsonpath=\'{.items[0].status.conditions[?(@.type=="Ready")].status}\' | grep -q True'

  it('comes up Ready with a CA of its own and the packaged add-ons', async () => {
    await lab.boot(
      userData({ '/etc/rancher/k3s/config.yaml': 'node-name: fixed\ndisable: [metrics-server]\n' }),
    )
    await lab.until(ready)
    const config = parse(
      (await lab.ssh('cat /etc/rancher/k3s/k3s.yaml; stat -c %a /etc/rancher/k3s/k3s.yaml >&2')).out,
    )
    const { cluster } = config.clusters[0]
    assert.equal(cluster.server, 'https://127.0.0.1:6443')
    assert(new X509Certificate(Buffer.from(cluster['certificate-authority-data'], 'base64')).ca)
    await lab.until('k3s kubectl -n kube-system get deploy traefik')
    const { out } = await lab.ssh(
      'k3s kubectl get nodes -o name; kubectl -n kube-system get deploy -o name; k3s --version',
    )
    assert.match(out, /^node\/fixed\ndeployment.apps\/coredns\n/)
    assert.doesNotMatch(out, /metrics-server/)
    assert.match(out, /k3s version v1\.37\.1\+k3s1 /)
  })

  it('reads manifests in path order, with the traps of the deploy controller', async () => {
    await lab.boot(
      userData({
        'a.yaml': secret('later'),
        'b_c.yaml': secret('default').replace('name: s', 'name: underscore'),
        'sub/z.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: later}\n',
        'broken.yaml': 'a: [1\n',
        'skipped.yaml': secret('default').replace('name: s', 'name: skipped'),
        'skipped.yaml.skip': '',
      }),
    )
    await lab.until('k3s kubectl -n later get secret s -o name')
    const { out, err, code } = await lab.ssh(
      'k3s kubectl -n default get secrets underscore skipped; k3s kubectl -n kube-system get events | grep ApplyManifestFailed',
    )
    assert.equal(code, 0)
    assert.match(err, /secrets "underscore" not found/)
    assert.match(err, /secrets "skipped" not found/)
    assert.match(out, /namespaces "later" not found/)
    assert.match(out, /b_c.*Invalid value/)
    assert.match(out, /broken.yaml.*yaml/)
    await lab.ssh(`rm ${manifests}/a.yaml; sleep 40`)
    assert.equal(
      (await lab.ssh('k3s kubectl -n later get secret s -o jsonpath={.data.a} | base64 -d')).out,
      'b',
    )
  })

  it('installs Argo CD by a helm job and syncs what it can reach', async () => {
    await lab.boot(
      userData({
        'argo.yaml': argo,
        'good.yaml': application('good', 'https://github.com/o/r.git'),
        'gone.yaml': application('gone', 'https://unreachable.example.com/r.git'),
        'empty.yaml': application('empty', 'https://github.com/o/r.git', ''),
        'locked.yaml': application('locked', 'https://github.com/o/locked.git'),
        'repo.yaml':
          'apiVersion: v1\nkind: Secret\nmetadata: {name: repo, namespace: argocd, labels: {argocd.argoproj.io/secret-type: repository}}\nstringData: {url: "https://github.com/O/locked", password: ""}\n',
      }),
    )
    await lab.until(
      "k3s kubectl -n argocd get applications.argoproj.io good -o jsonpath='{.status.sync.status} {.status.health.status}' | grep -x 'Synced Healthy'",
    )
    const state = async (name: string) =>
      JSON.parse((await lab.ssh(`k3s kubectl -n argocd get application ${name} -o json`)).out).status
    const gone = await state('gone')
    assert.equal(gone.sync.status, 'Unknown')
    assert.match(gone.conditions[0].message, /no such host/)
    assert.match((await state('empty')).conditions[0].message, /are required/)
    assert.match((await state('locked')).conditions[0].message, /authentication required/)
    const { out } = await lab.ssh('k3s kubectl -n argocd get deployments,statefulsets -o name')
    assert.match(out, /deployment.apps\/argocd-server\n/)
    assert.match(out, /statefulset.apps\/argocd-application-controller\n/)
  })

  it('shows a helm job that cannot get its chart', async () => {
    await lab.boot(userData({ 'argo.yaml': argo.replace('chart: argo-cd', 'chart: argo-cdd') }))
    await lab.until(
      'k3s kubectl -n kube-system get job helm-install-argocd -o jsonpath={.status.failed} | grep -q .',
    )
    assert.match(
      (await lab.ssh('k3s kubectl -n kube-system logs job/helm-install-argocd')).out,
      /chart "argo-cdd".*not found/,
    )
    assert.equal(
      (await lab.ssh('k3s kubectl get applications.argoproj.io -A')).err,
      'error: the server doesn\'t have a resource type "applications.argoproj.io"\n',
    )
  })

  it('says what kubectl says when the server is away or an object is missing', async () => {
    await lab.boot(userData({}))
    await lab.until(ready)
    assert.equal(
      (await lab.ssh('k3s kubectl get pod nosuch')).err,
      'Error from server (NotFound): pods "nosuch" not found\n',
    )
    assert.equal((await lab.ssh('k3s kubectl get pods')).err, 'No resources found in default namespace.\n')
    await lab.ssh('systemctl stop k3s')
    assert.match(
      (await lab.ssh('k3s kubectl get nodes')).err,
      /connection to the server 127.0.0.1:6443 was refused/,
    )
    assert.equal((await lab.ssh('systemctl is-active k3s')).out, 'inactive\n')
  })

  it('fails to start with a broken config, and tries again by itself', async () => {
    await lab.boot(userData({ '/etc/rancher/k3s/config.yaml': 'a: [1\n' }))
    const { out } = await lab.until(
      'journalctl -u k3s --no-pager | grep "restart counter is at 2"; journalctl -u k3s -o cat | grep failed.to.parse',
    )
    assert.match(out, /level=fatal/)
  })

  it('applies, waits for, cordons and deletes as kubectl does', async () => {
    await lab.boot(userData({}))
    await lab.until(ready)
    const workload =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}}\n'
    const script = `k3s kubectl apply -f - && k3s kubectl rollout status deploy/web --timeout=60s && k3s kubectl get pods -l app=web --no-headers | wc -l
      k3s kubectl cordon demo; k3s kubectl delete pod -l app=web --wait=true >/dev/null; k3s kubectl get pods -l app=web -o jsonpath='{.items[*].status.phase}'; echo
      k3s kubectl uncordon demo; k3s kubectl wait --for=condition=Ready pod -l app=web --timeout=60s | wc -l; k3s kubectl delete deploy web`
    const { out } = await lab.ssh(script, { stdin: workload })
    assert.equal(
      out,
      'deployment.apps/web created\ndeployment "web" successfully rolled out\n2\nnode/demo cordoned\nPending Pending\nnode/demo uncordoned\n2\ndeployment.apps "web" deleted\n',
    )
  })
})
