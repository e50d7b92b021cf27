// scp(1): copies files between hosts. OpenSSH 7.4: it starts ssh, which starts the other half of scp over there.
// Not modelled: -3, -l, -S, -v, ciphers and compression.
import type { OpenFile } from '../host/open_file';
import { type Op, type Process, type Run, SIG } from '../host/process';
import { closeFd, err, installFd, makePipe, runProgram, spawn, waitpid } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command, notModelled } from './command';
import { columns, isTty } from './io';
import { Copy, type CopyFlags, Quit } from './ssh/scp_copy';

const USAGE = 'usage: scp [-12346BCpqrv] [-c cipher] [-F ssh_config] [-i identity_file]\n           [-l limit] [-o ssh_option] [-P port] [-S program]\n           [[user@]host1:]file1 ... [[user@]host2:]file2\n';
const SSH = '/usr/bin/ssh';

/** Where the colon of `host:path` stands; -1 for a local path. */
function colon(word: Bytes): number {
  if (word.startsWith(':')) return -1;
  if (word.startsWith('[')) {
    const end = word.indexOf(']:');
    if (end > 0) return end + 1;
  }
  const at = word.search(/[:/]/);
  return at > 0 && word[at] === ':' ? at : -1;
}

interface Remote {
  user: Bytes;
  host: Bytes;
  path: Bytes;
}
function remoteOf(word: Bytes, at: number): Remote {
  const [who, path] = [word.slice(0, at), word.slice(at + 1)];
  const sign = who.lastIndexOf('@');
  return { user: sign < 0 ? '' : who.slice(0, sign), host: who.slice(sign + 1).replace(/^\[(.*)\]$/, '$1'), path: path === '' ? '.' : path };
}

const okName = (user: Bytes): boolean => !/['"`\s#]|[^\x00-\x7f]/.test(user);

/** ssh with pipes as its standard input and output. */
function startSsh(p: Process, args: readonly Bytes[], r: Remote, line: Bytes): { pid: number; fdIn: number; fdOut: number } {
  const [inRead, inWrite] = makePipe(p);
  const [outRead, outWrite] = makePipe(p);
  const fdOut = installFd(p, inWrite, 3);
  const fdIn = installFd(p, outRead, 3);
  const fds = new Map<number, OpenFile>([[0, inRead], [1, outWrite]]);
  const stderr = p.fds.get(2);
  if (stderr !== undefined) fds.set(2, stderr);
  const child = spawn(p, { path: SSH, argv: [SSH, '-x', '-oForwardAgent=no', '-oPermitLocalCommand=no', '-oClearAllForwardings=yes', ...args, ...(r.user === '' ? [] : ['-l', r.user]), '--', r.host, line], fds });
  return { pid: child.pid, fdIn, fdOut };
}

function close(p: Process, ...fds: number[]): void {
  for (const fd of fds) if (fd >= 0 && p.fds.has(fd)) closeFd(p, fd);
}

interface Plan {
  flags: CopyFlags;
  /** Options handed to ssh. */
  ssh: Bytes[];
  words: Bytes[];
}

function* copyAll(p: Process, { flags, ssh, words }: Plan): Op<number> {
  const target = words.at(-1)!;
  const sources = words.slice(0, -1);
  const several = sources.length > 1;
  const line = `scp${flags.recursive ? ' -r' : ''}${flags.preserve ? ' -p' : ''}${several ? ' -d' : ''}`;
  const dashes = (path: Bytes): Bytes => (path.startsWith('-') ? `-- ${path}` : path);
  const copy = new Copy(p, flags, -1, -1);
  const at = colon(target);
  let pid = 0;
  if (at < 0) {
    if (several) yield* copy.verifyDirectory(target);
    for (const s of sources) {
      const c = colon(s);
      if (c < 0) {
        if ((yield* runProgram(p, { path: '/bin/cp', argv: ['/bin/cp', ...(flags.recursive ? ['-r'] : []), ...(flags.preserve ? ['-p'] : []), '--', s, target] })) !== 0) copy.errors++;
        continue;
      }
      const r = remoteOf(s, c);
      if (r.user !== '' && !okName(r.user)) {
        yield* err(p, `${r.user}: invalid user name\n`);
        copy.errors++;
        continue;
      }
      const child = startSsh(p, ssh, r, `${line} -f ${dashes(r.path)}`);
      pid = child.pid;
      [copy.fdIn, copy.fdOut] = [child.fdIn, child.fdOut];
      yield* copy.sink(target);
      close(p, copy.fdIn, copy.fdOut);
      copy.fdIn = copy.fdOut = -1;
    }
  } else {
    const to = remoteOf(target, at);
    if (to.user !== '' && !okName(to.user)) {
      yield* err(p, `${to.user}: invalid user name\n`);
      return 0;
    }
    for (const s of sources) {
      const c = colon(s);
      if (c >= 0) {
        // The first host copies to the second by itself.
        const r = remoteOf(s, c);
        const argv = [SSH, '-x', '-oClearAllForwardings=yes', '-n', ...ssh, ...(r.user === '' ? [] : ['-l', r.user]), '--', r.host, line, r.path, `${target.slice(0, at)}:${to.path}`];
        if ((yield* runProgram(p, { path: SSH, argv })) !== 0) copy.errors++;
        continue;
      }
      if (copy.fdIn < 0) {
        const child = startSsh(p, ssh, to, `${line} -t ${dashes(to.path)}`);
        pid = child.pid;
        [copy.fdIn, copy.fdOut] = [child.fdIn, child.fdOut];
        if (!(yield* copy.response())) throw new Quit(1);
      }
      yield* copy.source([s]);
    }
  }
  if (pid !== 0 && copy.errors === 0) {
    close(p, copy.fdIn, copy.fdOut);
    if ((yield* waitpid(p, [pid]))?.status !== 0) copy.errors++;
  }
  return copy.errors > 0 ? 1 : 0;
}

export const scp = command({
  name: 'scp',
  summary: 'secure copy (remote file copy program)',
  path: '/usr/bin/scp',
  package: 'openssh-clients',
  options: {
    '-r': { kind: 'flag', says: 'directories with all that is in them' },
    '-p': { kind: 'flag', says: 'keep times and modes' },
    '-q': { kind: 'flag', says: 'no progress line, no warnings' },
    '-P': { kind: 'value', says: 'port to connect to', arg: 'PORT' },
    '-o': { kind: 'value', says: 'an option for ssh', arg: 'OPTION' },
    '-i': { kind: 'value', says: 'file with the private key', arg: 'FILE' },
    '-F': { kind: 'value', says: 'another configuration file for ssh', arg: 'FILE' },
    '-B': { kind: 'flag', says: 'ask for no password' },
    '-4': { kind: 'flag', says: 'IPv4 only' },
    '-6': { kind: 'flag', says: 'IPv6 only' },
    '-3': { kind: 'flag', says: 'between two other hosts through this one', modelled: false },
    '-C': { kind: 'flag', says: 'compress', modelled: false },
    '-l': { kind: 'value', says: 'limit the bandwidth', modelled: false },
    '-S': { kind: 'value', says: 'program instead of ssh', modelled: false },
    '-v': { kind: 'flag', says: 'say what it does', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const flags: CopyFlags = { recursive: false, preserve: false, remote: false, meter: isTty(p, 1) ? columns(p) : 0 };
    const ssh: Bytes[] = [];
    let [from, to, directory] = [false, false, false];
    let i = 0;
    for (; i < args.length; i++) {
      const word = args[i]!;
      if (word === '--') {
        i++;
        break;
      }
      if (!/^-./.test(word)) break;
      for (let j = 1; j < word.length; j++) {
        const c = word[j]!;
        let v = '';
        if ('PoiFlSc'.includes(c)) {
          const given = word.slice(j + 1) || args[++i];
          if (given === undefined) {
            yield* err(p, `option requires an argument -- ${c}\r\n${USAGE}`);
            return 1;
          }
          v = given;
          j = word.length;
        }
        if ('312ClScv'.includes(c)) return yield* notModelled(p, 'scp', `option -${c}`);
        if (c === 'r') flags.recursive = true;
        else if (c === 'p') flags.preserve = true;
        else if (c === 'q') {
          flags.meter = 0;
          ssh.push('-q');
        } else if (c === 'd') directory = true;
        else if (c === 'f' || c === 't') {
          flags.remote = true;
          [from, to] = [from || c === 'f', to || c === 't'];
        } else if (c === 'P') ssh.push('-p', v);
        else if ('oiF'.includes(c)) ssh.push(`-${c}`, v);
        else if (c === 'B') ssh.push('-oBatchmode=yes');
        else if (c === '4' || c === '6') ssh.push(`-${c}`);
        else {
          yield* err(p, `unknown option -- ${c}\r\n${USAGE}`);
          return 1;
        }
      }
    }
    const words = args.slice(i);
    p.ignored.add(SIG.PIPE);
    try {
      if (from || to) {
        const copy = new Copy(p, { ...flags, meter: 0 }, 0, 1);
        if (from) {
          yield* copy.response();
          yield* copy.source(words);
        } else if (words.length !== 1) {
          yield* copy.runErr('ambiguous target');
          return 1;
        } else yield* copy.sink(words[0]!, directory);
        return copy.errors > 0 ? 1 : 0;
      }
      if (words.length < 2) {
        yield* err(p, USAGE);
        return 1;
      }
      return yield* copyAll(p, { flags, ssh, words });
    } catch (e) {
      if (e instanceof Quit) return e.status;
      throw e;
    }
  },
});
