// telnet(1), netkit 0.17 as Red Hat packages it: what administrators knock at a port with. Lines are sent with CR LF; ^] asks for a command.
// Not modelled: options of the telnet protocol (each is refused, as a plain server sees it), encryption, .telnetrc, UNIX sockets.
import { type Op, type Process, type Run, SIG } from '../host/process';
import { lookupAny, serviceByName } from '../host/resolve';
import { openTcp } from '../host/socket';
import { closeFd, err, installFd, LineReader, out, read, write } from '../host/syscall';
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { addressText } from '../wire/ipv6';
import { command, notModelled } from './command';
import { poll } from './relay';
import { ttyOf } from './screen';

const USAGE = 'Usage: telnet [-4] [-6] [-8] [-E] [-L] [-S tos] [-a] [-c] [-d] [-e char] [-l user]\n\t[-n tracefile] [-b hostalias ] [-r] \n\n\t[host-name [port]]\n';
const HELP = 'Commands may be abbreviated.  Commands are:\n\nclose   \tclose current connection\nlogout  \tforcibly logout remote user and close the connection\nquit    \texit telnet\nstatus  \tprint status information\n?       \tprint help information\n';
const ESCAPE = '\x1d';
/** The protocol's own bytes (RFC 854). */
const IAC = 255, WILL = 251, WONT = 252, DO = 253, DONT = 254;

/** What a server's bytes show, and the refusals its offers get. */
function plain(data: Bytes): { text: Bytes; answer: Bytes } {
  let text = '';
  let answer = '';
  for (let i = 0; i < data.length; i++) {
    const c = data.charCodeAt(i);
    if (c !== IAC) {
      if (c !== 0) text += data[i];
      continue;
    }
    const verb = data.charCodeAt(++i);
    if (verb === IAC) text += data[i];
    if (verb >= WILL && verb <= DONT) {
      const option = data[++i] ?? '';
      if (verb === WILL || verb === DO) answer += String.fromCharCode(IAC, verb === WILL ? DONT : WONT) + option;
    }
  }
  return { text, answer };
}

/** The prompt behind ^]; true when the connection goes on. */
function* asked(p: Process, name: Bytes): Op<boolean> {
  yield* out(p, '\ntelnet> ');
  const word = ((yield* new LineReader(p, 0).next()) ?? 'quit').trim();
  if (word === '') return true;
  if ('quit'.startsWith(word) || 'close'.startsWith(word) || 'logout'.startsWith(word)) {
    yield* out(p, 'Connection closed.\n');
    return false;
  }
  if ('status'.startsWith(word)) yield* out(p, `Connected to ${name}.\nOperating in obsolete linemode\nLocal character echo\nEscape character is '^]'.\n`);
  else yield* out(p, word === '?' || 'help'.startsWith(word) ? HELP : '?Invalid command\n');
  return true;
}

function* talk(p: Process, fd: number, name: Bytes): Op<number> {
  const tty = ttyOf(p, 0);
  if (tty !== null) tty.eol2 = ESCAPE;
  try {
    for (;;) {
      for (const ready of yield* poll(p, [0, fd])) {
        const data = yield* read(p, ready);
        if (ready === fd && data !== '') {
          const { text, answer } = plain(data);
          if (answer !== '') yield* write(p, fd, answer);
          yield* out(p, text);
          continue;
        }
        if (data === '') {
          yield* err(p, 'Connection closed by foreign host.\n');
          return 1;
        }
        const at = tty === null ? -1 : data.indexOf(ESCAPE);
        const line = at < 0 ? data : data.slice(0, at);
        if (line !== '') yield* write(p, fd, line.replaceAll('\n', '\r\n').replaceAll('\xff', '\xff\xff'));
        if (at >= 0 && !(yield* asked(p, name))) return 0;
      }
    }
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* err(p, 'Connection closed by foreign host.\n');
    return 1;
  } finally {
    if (tty !== null) tty.eol2 = '';
    if (p.fds.has(fd)) closeFd(p, fd);
  }
}

export const telnet = command({
  name: 'telnet',
  summary: 'user interface to the TELNET protocol',
  path: '/usr/bin/telnet',
  package: 'telnet',
  options: {
    '-4': { kind: 'flag', says: 'IPv4 addresses only' }, '-6': { kind: 'flag', says: 'IPv6 addresses only' }, '-E': { kind: 'flag', says: 'no escape character', modelled: false },
    '-e': { kind: 'value', says: 'escape character', arg: 'CHAR', modelled: false }, '-l': { kind: 'value', says: 'user to log in as', arg: 'USER', modelled: false },
    '-8': { kind: 'flag', says: '8-bit data path', modelled: false }, '-a': { kind: 'flag', says: 'automatic login', modelled: false }, '-n': { kind: 'value', says: 'trace file', arg: 'FILE', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const words: Bytes[] = [];
    let family = 0;
    for (const a of args) {
      if (!/^-./.test(a)) words.push(a);
      else if (a === '-4' || a === '-6') family = Number(a[1]);
      else if (/^-[8ELSacdelnbrKXx]/.test(a)) return yield* notModelled(p, 'telnet', `option ${a.slice(0, 2)}`);
      else {
        yield* err(p, `telnet: invalid option -- '${a[1]}'\n${USAGE}`);
        return 1;
      }
    }
    const [name, service = '23'] = words;
    if (name === undefined) return yield* notModelled(p, 'telnet', 'its prompt without a host');
    const port = /^\d+$/.test(service) ? Number(service) : serviceByName(p, service, 'tcp');
    if (port === null || port < 1 || port > 65535) {
      yield* err(p, `telnet: ${service}: ${port === null ? 'Servname not supported for ai_socktype' : 'bad port'}\n${name}: Unknown host\n`);
      return 1;
    }
    const ip = lookupAny(p, name);
    if (ip === null || (family === 6) !== (family !== 0 && addressText(ip, p.host.world.ip6).includes(':'))) {
      yield* err(p, `telnet: ${name}: Name or service not known\n${name}: Unknown host\n`);
      return 1;
    }
    p.ignored.add(SIG.PIPE);
    const address = addressText(ip, p.host.world.ip6);
    yield* out(p, `Trying ${address}...\n`);
    try {
      const fd = installFd(p, yield* openTcp(p, ip, port), 3);
      yield* out(p, `Connected to ${name}.\nEscape character is '^]'.\n`);
      return yield* talk(p, fd, name);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      yield* err(p, `telnet: connect to address ${address}: ${strerror(e.errno)}\n`);
      return 1;
    }
  },
});
