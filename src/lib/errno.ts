// Linux error numbers: names, numbers (asm-generic/errno*.h) and glibc's strerror texts.

const TABLE = {
  EPERM: [1, 'Operation not permitted'], ENOENT: [2, 'No such file or directory'], ESRCH: [3, 'No such process'],
  EINTR: [4, 'Interrupted system call'], EIO: [5, 'Input/output error'], ENXIO: [6, 'No such device or address'],
  E2BIG: [7, 'Argument list too long'], ENOEXEC: [8, 'Exec format error'], EBADF: [9, 'Bad file descriptor'],
  ECHILD: [10, 'No child processes'], EAGAIN: [11, 'Resource temporarily unavailable'], ENOMEM: [12, 'Cannot allocate memory'],
  EACCES: [13, 'Permission denied'], EBUSY: [16, 'Device or resource busy'], EEXIST: [17, 'File exists'],
  EXDEV: [18, 'Invalid cross-device link'], ENODEV: [19, 'No such device'], ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'], EINVAL: [22, 'Invalid argument'], EMFILE: [24, 'Too many open files'],
  ENOTTY: [25, 'Inappropriate ioctl for device'], ETXTBSY: [26, 'Text file busy'], EFBIG: [27, 'File too large'],
  ENOSPC: [28, 'No space left on device'], ESPIPE: [29, 'Illegal seek'], EROFS: [30, 'Read-only file system'],
  EMLINK: [31, 'Too many links'], EPIPE: [32, 'Broken pipe'], EDOM: [33, 'Numerical argument out of domain'],
  ERANGE: [34, 'Numerical result out of range'], ENAMETOOLONG: [36, 'File name too long'], ENOSYS: [38, 'Function not implemented'],
  ENOTEMPTY: [39, 'Directory not empty'], ELOOP: [40, 'Too many levels of symbolic links'], EPROTO: [71, 'Protocol error'],
  EMSGSIZE: [90, 'Message too long'], ENOPROTOOPT: [92, 'Protocol not available'], EPROTONOSUPPORT: [93, 'Protocol not supported'],
  EOPNOTSUPP: [95, 'Operation not supported'], EAFNOSUPPORT: [97, 'Address family not supported by protocol'],
  EADDRINUSE: [98, 'Address already in use'], EADDRNOTAVAIL: [99, 'Cannot assign requested address'], ENETDOWN: [100, 'Network is down'],
  ENETUNREACH: [101, 'Network is unreachable'], ECONNABORTED: [103, 'Software caused connection abort'],
  ECONNRESET: [104, 'Connection reset by peer'], ENOBUFS: [105, 'No buffer space available'], EISCONN: [106, 'Transport endpoint is already connected'],
  ENOTCONN: [107, 'Transport endpoint is not connected'], ETIMEDOUT: [110, 'Connection timed out'], ECONNREFUSED: [111, 'Connection refused'],
  EHOSTDOWN: [112, 'Host is down'], EHOSTUNREACH: [113, 'No route to host'], EALREADY: [114, 'Operation already in progress'],
  EINPROGRESS: [115, 'Operation now in progress'], ESTALE: [116, 'Stale file handle'],
} as const satisfies Record<string, readonly [number, string]>;

/** Name of a Linux error, e.g. 'ENOENT'. */
export type Errno = keyof typeof TABLE;

/** glibc's text for an error. */
export function strerror(e: Errno): string {
  return TABLE[e][1];
}

/** The error's number. */
export function errnoNumber(e: Errno): number {
  return TABLE[e][0];
}

/** A failed system call. Thrown by `host/`'s calls, caught by the command that words it. */
export class SysError extends Error {
  constructor(readonly errno: Errno) {
    // Looking for a file that is not there is everyday work; a trace of the stack would cost more than the work.
    const e = Error as { stackTraceLimit?: number };
    const was = e.stackTraceLimit;
    e.stackTraceLimit = 0;
    super(strerror(errno));
    if (was !== undefined) e.stackTraceLimit = was;
  }
}
