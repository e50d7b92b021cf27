// /dev/tcp/HOST/PORT and /dev/udp/HOST/PORT in redirections. Linux counterpart: bash's lib/sh/netopen.c.
import { SysError } from '../lib/errno';
import type { OpenFile } from '../host/open_file';
import type { Op } from '../host/process';
import { gethostbyname } from '../host/resolve';
import { connectUdp, openTcp, openUdp } from '../host/socket';
import { readFile } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { complain, raw } from './say';
import type { Shell } from './shell';

/** Opens a connection; prints bash's first line of an error and throws the SysError that gives the second. */
export function* openNetwork(sh: Shell, proto: 'tcp' | 'udp', host: Bytes, port: Bytes): Op<OpenFile> {
  const ip = gethostbyname(sh.p, host);
  if (ip === null) {
    yield* complain(sh, `${host}: ${/^[\d.]+$/.test(host) ? 'Name or service not known' : 'Temporary failure in name resolution'}`);
    throw new SysError('EINVAL');
  }
  const number = /^\d+$/.test(port) ? Number(port) : servicePort(sh, port, proto);
  if (number < 0 || number > 65535) {
    yield* complain(sh, `${port}: ${/^\d+$/.test(port) ? 'invalid service' : 'Servname not supported for ai_socktype'}`);
    throw new SysError('EINVAL');
  }
  try {
    if (proto === 'udp') {
      const socket = openUdp(sh.p);
      connectUdp(sh.p, socket, ip, number);
      return socket;
    }
    return yield* openTcp(sh.p, ip, number);
  } catch (e) {
    // sys_error() gives no line number
    if (e instanceof SysError) yield* raw(sh, `${sh.prefix().replace(/ line \d+: $/, ' ')}connect: ${e.message}\n`);
    throw e;
  }
}

function servicePort(sh: Shell, name: Bytes, proto: string): number {
  try {
    const m = new RegExp(`^${name.replace(/\W/g, '\\$&')}\\s+(\\d+)/${proto}`, 'm').exec(readFile(sh.p, '/etc/services'));
    return m === null ? -1 : Number(m[1]);
  } catch {
    return -1;
  }
}
