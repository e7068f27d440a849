import { generateKeyPairSync } from 'node:crypto'
import forge from 'node-forge'
import { stringify } from 'yaml'

/** The CA that a fresh datastore makes, and the admin's certificate signed by it: every install has its own (facts/kubernetes.md A.2). */
export type Credentials = { caCertificate: string; clientCertificate: string; clientKey: string }

function certificate(
  subject: string,
  issuer: string,
  keys: { publicKey: forge.pki.rsa.PublicKey; privateKey: forge.pki.rsa.PrivateKey },
  nowMs: number,
  isCa: boolean,
): string {
  const cert = forge.pki.createCertificate()
  cert.publicKey = keys.publicKey
  cert.serialNumber = `0${Math.floor(nowMs).toString(16)}`
  cert.validity.notBefore = new Date(nowMs)
  cert.validity.notAfter = new Date(nowMs + 3650 * 86_400_000)
  cert.setSubject([{ name: 'commonName', value: subject }])
  cert.setIssuer([{ name: 'commonName', value: issuer }])
  cert.setExtensions([{ name: 'basicConstraints', cA: isCa }])
  cert.sign(keys.privateKey, forge.md.sha256.create())
  return forge.pki.certificateToPem(cert)
}

/** Makes a CA and an admin certificate. One RSA key serves both: this is a lab. */
export function makeCredentials(nowMs: number): Credentials {
  const pem = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const keys = {
    publicKey: forge.pki.publicKeyFromPem(pem.publicKey),
    privateKey: forge.pki.privateKeyFromPem(pem.privateKey),
  }
  const ca = `k3s-server-ca@${Math.floor(nowMs / 1000)}`
  return {
    caCertificate: certificate(ca, ca, keys, nowMs, true),
    clientCertificate: certificate('system:admin', ca, keys, nowMs, false),
    clientKey: pem.privateKey,
  }
}

/** /etc/rancher/k3s/k3s.yaml. */
export function kubeconfig(credentials: Credentials): string {
  const data = (pem: string) => Buffer.from(pem).toString('base64')
  return stringify(
    {
      apiVersion: 'v1',
      clusters: [
        {
          cluster: {
            'certificate-authority-data': data(credentials.caCertificate),
            server: 'https://127.0.0.1:6443',
          },
          name: 'default',
        },
      ],
      contexts: [{ context: { cluster: 'default', user: 'default' }, name: 'default' }],
      'current-context': 'default',
      kind: 'Config',
      users: [
        {
          name: 'default',
          user: {
            'client-certificate-data': data(credentials.clientCertificate),
            'client-key-data': data(credentials.clientKey),
          },
        },
      ],
    },
    { lineWidth: 0 },
  )
}
