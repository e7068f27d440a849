import ssh2 from 'ssh2'

/** An ed25519 host key in OpenSSH's formats. */
export function generateHostKey(comment: string): { private: string; public: string } {
  const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment: `root@${comment}` })
  return { private: pair.private, public: `${pair.public}\n` }
}

/** Whether a text is a private key that sshd can load. */
export function isPrivateKey(text: string): boolean {
  return !(ssh2.utils.parseKey(text) instanceof Error)
}
