// ssh(1): a shell or command on another host. OpenSSH 7.4 as EL 7 has it.
// Not modelled: forwarding of ports, agents and X11, multiplexing, proxies, -f; of -v the main lines only. ssh/ has the parts.
import { type Run, SIG } from '../host/process';
import { err } from '../host/syscall';
import { command } from './command';
import { Fatal255, login } from './ssh/client';
import { Log } from './ssh/log';
import { readWish, Refused, USAGE, type Wish } from './ssh/options';
import { clientSession } from './ssh/session';

export const ssh = command({
  name: 'ssh',
  summary: 'OpenSSH remote login client',
  path: '/usr/bin/ssh',
  package: 'openssh-clients',
  options: {
    '-p': { kind: 'value', says: 'port to connect to', arg: 'PORT' },
    '-l': { kind: 'value', says: 'user to log in as', arg: 'USER' },
    '-i': { kind: 'value', says: 'file with the private key', arg: 'FILE' },
    '-o': { kind: 'value', says: 'an option as in ssh_config(5), e.g. -o ConnectTimeout=3', arg: 'OPTION' },
    '-F': { kind: 'value', says: 'another configuration file', arg: 'FILE' },
    '-b': { kind: 'value', says: 'source address', arg: 'ADDRESS' },
    '-e': { kind: 'value', says: 'escape character', arg: 'CHAR' },
    '-q': { kind: 'flag', says: 'no warnings or errors' },
    '-v': { kind: 'flag', says: 'says what it does' },
    '-t': { kind: 'flag', says: 'ask for a terminal also with a command (twice: even without one here)' },
    '-T': { kind: 'flag', says: 'no terminal' },
    '-n': { kind: 'flag', says: 'standard input is /dev/null' },
    '-4': { kind: 'flag', says: 'IPv4 only' },
    '-6': { kind: 'flag', says: 'IPv6 only' },
    '-a': { kind: 'flag', says: 'no forwarding of the agent (there is none)' },
    '-k': { kind: 'flag', says: 'no forwarding of GSSAPI credentials (there are none)' },
    '-x': { kind: 'flag', says: 'no forwarding of X11 (there is none)' },
    '-V': { kind: 'flag', says: 'version' },
    '-f': { kind: 'flag', says: 'go to background', modelled: false },
    '-A': { kind: 'flag', says: 'forward the agent', modelled: false },
    '-C': { kind: 'flag', says: 'compress', modelled: false },
    '-D': { kind: 'value', says: 'dynamic forwarding', modelled: false },
    '-J': { kind: 'value', says: 'jump host', modelled: false },
    '-L': { kind: 'value', says: 'forward a local port', modelled: false },
    '-N': { kind: 'flag', says: 'no remote command', modelled: false },
    '-R': { kind: 'value', says: 'forward a remote port', modelled: false },
    '-W': { kind: 'value', says: 'forward standard input and output', modelled: false },
    '-X': { kind: 'flag', says: 'forward X11', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    let w: Wish | null;
    try {
      w = readWish(p, args);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      yield* err(p, e.text);
      return e.status;
    }
    if (w === null) {
      yield* err(p, USAGE);
      return 255;
    }
    const log = new Log(p, w.level);
    if (w.level >= 5) yield* err(p, 'OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\r\n');
    try {
      const l = yield* login(p, w, log);
      p.ignored.add(SIG.PIPE);
      return yield* clientSession(p, w, l, log);
    } catch (e) {
      if (!(e instanceof Fatal255)) throw e;
      yield* log.fatal(e.message);
      return 255;
    }
  },
});
