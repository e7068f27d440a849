// The two rules of a process that only bin/ can keep, because only bin/ exits.
export function lastWord() {
  // A closed pipe (`cosmos history | head`) is the reader's wish, not a failure.
  process.stdout.on('error', error => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  // A command takes the first signal itself and stops cleanly; before it runs, and the second time, the process ends.
  let seen = 0
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      seen += 1
      const alone = process.listenerCount(signal) === 1
      if (alone || seen > 1) process.exit(130)
    })
  }
}
