/** The words of strerror(3) for the errors a simulated file system gives. */
const texts = {
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  EROFS: 'Read-only file system',
  EBUSY: 'Device or resource busy',
  EXDEV: 'Invalid cross-device link',
  EIO: 'Input/output error',
  EINVAL: 'Invalid argument',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENXIO: 'No such device or address',
  EPIPE: 'Broken pipe',
  EBADF: 'Bad file descriptor',
} as const

export type Errno = keyof typeof texts

/** A system call that failed inside the simulated machine; the message is what strerror(3) says. */
export class FsError extends Error {
  readonly errno: Errno
  readonly path: string

  constructor(errno: Errno, path: string) {
    super(texts[errno])
    this.errno = errno
    this.path = path
  }
}
