// What ipvsadm says about an errno of the kernel. Counterpart: libipvs's table of {function, errno, text}; anything else is strerror(3).
import { type Errno, strerror } from '../../lib/errno';

/** The libipvs call that failed. */
export type IpvsCall =
  | 'init' | 'add_service' | 'update_service' | 'del_service' | 'zero_service' | 'get_service' | 'get_dests' | 'add_dest' | 'update_dest' | 'del_dest'
  | 'start_daemon' | 'stop_daemon' | 'flush' | 'set_timeout' | 'get_timeout';

const BY_CALL: Readonly<Partial<Record<IpvsCall, Partial<Record<Errno, string>>>>> = Object.freeze({
  add_service: { EEXIST: 'Service already exists', ENOENT: 'Scheduler or persistence engine not found' },
  update_service: { ESRCH: 'No such service', ENOENT: 'Scheduler or persistence engine not found' },
  del_service: { ESRCH: 'No such service' },
  zero_service: { ESRCH: 'No such service' },
  get_service: { ESRCH: 'No such service' },
  get_dests: { ESRCH: 'No such service' },
  add_dest: { ESRCH: 'Service not defined', EEXIST: 'Destination already exists' },
  update_dest: { ESRCH: 'Service not defined', ENOENT: 'No such destination' },
  del_dest: { ESRCH: 'Service not defined', ENOENT: 'No such destination' },
  start_daemon: { EEXIST: 'Daemon has already run' },
  stop_daemon: { ESRCH: 'No daemon is running' },
});

const ANY: Readonly<Partial<Record<Errno, string>>> = Object.freeze({
  EPERM: 'Permission denied (you must be root)',
  EINVAL: 'Invalid operation.  Possibly wrong module version, address not unicast, ...',
  ENOPROTOOPT: 'Protocol not available',
  ENOMEM: 'Memory allocation problem',
  EOPNOTSUPP: 'Operation not supported with IPv6',
  EAFNOSUPPORT: 'Operation not supported with specified address family',
  EMSGSIZE: 'Module is wrong version',
});

/** Text of errno `e` after `call`, without newline. */
export function ipvsStrerror(call: IpvsCall, e: Errno): string {
  return BY_CALL[call]?.[e] ?? ANY[e] ?? strerror(e);
}
