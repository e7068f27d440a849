import { generateKeyPairSync } from 'node:crypto'
import { stringify } from 'yaml'
import { certificate } from './certificate.ts'

/** The CA that a fresh datastore makes, and the admin's certificate signed by it: every install has its own (facts/kubernetes.md A.2). */
export type Credentials = { caCertificate: string; clientCertificate: string; clientKey: string }

/** Makes a CA and an admin certificate, both P-256, named as K3s names them. */
export function makeCredentials(nowMs: number): Credentials {
  const ca = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const admin = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const issuer = `k3s-server-ca@${Math.floor(nowMs / 1000)}`
  const base = { issuer, issuerKey: ca.privateKey, fromMs: nowMs }
  return {
    caCertificate: certificate({
      ...base,
      subject: issuer,
      publicKey: ca.publicKey,
      serial: nowMs,
      isCa: true,
    }),
    clientCertificate: certificate({
      ...base,
      subject: 'system:admin',
      publicKey: admin.publicKey,
      serial: nowMs + 1,
      isCa: false,
    }),
    clientKey: admin.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
  }
}

/** /etc/rancher/k3s/k3s.yaml. */
export function kubeconfig(credentials: Credentials): string {
  const data = (pem: string) => Buffer.from(pem).toString('base64')
  const cluster = {
    'certificate-authority-data': data(credentials.caCertificate),
    server: 'https://127.0.0.1:6443',
  }
  const user = {
    'client-certificate-data': data(credentials.clientCertificate),
    'client-key-data': data(credentials.clientKey),
  }
  return stringify(
    {
      apiVersion: 'v1',
      clusters: [{ cluster, name: 'default' }],
      contexts: [{ context: { cluster: 'default', user: 'default' }, name: 'default' }],
      'current-context': 'default',
      kind: 'Config',
      users: [{ name: 'default', user }],
    },
    { lineWidth: 0 },
  )
}
