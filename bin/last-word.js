// The rules of a process that only bin/ can keep, because only bin/ exits.
export function lastWord() {
  // A closed pipe (`cosmos history | head`) is the reader's wish, not a failure.
  process.stdout.on('error', error => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  // A command takes the first signal itself and stops cleanly; before it runs, and the second time, the process ends.
  // One Ctrl-C can arrive several times, from the terminal and from npm or a parent that passes it on: close ones are one.
  let first = 0
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      const now = performance.now()
      if (first === 0) first = now
      const alone = process.listenerCount(signal) === 1
      if (alone || now - first > 150) process.exit(130)
    })
  }
}

// Ends with process.exitCode, also when a connection or a timer is left open; first lets a slow reader have everything.
export function leave() {
  process.stdout.write('', () => process.exit())
}
