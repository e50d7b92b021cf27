// ssh-copy-id(1): puts a public key into another host's authorized_keys. Counterpart: the script of openssh-clients 7.4, which calls ssh twice.
import type { BufferFile, OpenFile } from '../host/open_file';
import type { Op, Process, Run } from '../host/process';
import { err, out, readFile, runProgram } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command, notModelled } from './command';
import { users } from './files';

const NAME = '/usr/bin/ssh-copy-id';
const USAGE = `Usage: ${NAME} [-h|-?|-f|-n] [-i [identity_file]] [-p port] [[-o <ssh -o options>] ...] [user@]hostname\n\t-f: force mode -- copy keys without trying to check if they are already installed\n\t-n: dry run    -- no keys are actually copied\n\t-h|-?: print this help\n`;
/** What runs over there, with the keys on its standard input. */
const INSTALL = "exec sh -c 'cd ; umask 077 ; mkdir -p .ssh && cat >> .ssh/authorized_keys || exit 1'";

const buffer = (input: Bytes): BufferFile => ({ kind: 'buffer', refs: 0, readable: true, writable: true, parts: [], input });

/** Runs ssh with a text as its input; status and what it said on standard error. */
function* ssh(p: Process, args: readonly Bytes[], input: Bytes, quiet: boolean): Op<{ status: number; said: Bytes }> {
  const said = buffer('');
  const fds = new Map<number, OpenFile>([[0, buffer(input)], [1, p.fds.get(1) ?? said], [2, quiet ? said : (p.fds.get(2) ?? said)]]);
  const status = yield* runProgram(p, { path: '/usr/bin/ssh', argv: ['ssh', ...args], fds });
  return { status, said: said.parts.join('') };
}

export const sshCopyId = command({
  name: 'ssh-copy-id',
  summary: 'use locally available keys to authorise logins on a remote machine',
  path: NAME,
  package: 'openssh-clients',
  options: {
    '-i': { kind: 'value', says: 'the key file (its .pub is copied)', arg: 'FILE' },
    '-p': { kind: 'value', says: 'port', arg: 'PORT' },
    '-o': { kind: 'value', says: 'an option for ssh', arg: 'OPTION' },
    '-f': { kind: 'flag', says: 'copy without looking whether the key is there already' },
    '-n': { kind: 'flag', says: 'only say what would be copied' },
    '-h': { kind: 'flag', says: 'help' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const given: Bytes[] = [];
    let [key, force, dry] = ['', false, false];
    let host = '';
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      const m = /^-([iop])(.*)$/s.exec(word);
      if (word === '-f') force = true;
      else if (word === '-n') dry = true;
      else if (m !== null) {
        const value = m[2] !== '' ? m[2]! : args[++i];
        if (value === undefined) {
          yield* err(p, `${NAME}: ERROR: option -${m[1]} requires an argument\n${USAGE}`);
          return 1;
        }
        if (m[1] === 'i') key = value;
        else given.push(`-${m[1]}`, value);
      } else if (word === '-s' || word === '-x') return yield* notModelled(p, 'ssh-copy-id', `option ${word}`);
      else if (word.startsWith('-') || host !== '') {
        yield* err(p, USAGE);
        return 1;
      } else host = word;
    }
    if (host === '') {
      yield* err(p, USAGE);
      return 1;
    }
    const home = users(p).find((u) => u.uid === p.uid)?.home ?? '/';
    const found = key === '' ? ['rsa', 'ecdsa', 'ed25519'].map((t) => `${home}/.ssh/id_${t}.pub`).find((f) => p.host.vfs.access(p, f, 4)) : key.endsWith('.pub') ? key : `${key}.pub`;
    if (found === undefined || !p.host.vfs.access(p, found, 4)) {
      yield* err(p, found === undefined ? `${NAME}: ERROR: No identities found\n` : `${NAME}: ERROR: failed to open ID file '${found}': No such file\n\t(to install the contents of '${found}' anyway, look at the -f option)\n`);
      return 1;
    }
    yield* err(p, `${NAME}: INFO: Source of key(s) to be installed: "${found}"\n`);
    if (!force) {
      yield* err(p, `${NAME}: INFO: attempting to log in with the new key(s), to filter out any that are already installed\n`);
      const try1 = yield* ssh(p, [...given, '-i', found.slice(0, -4), '-oControlPath=none', '-oLogLevel=INFO', '-oPreferredAuthentications=publickey', '-oIdentitiesOnly=yes', host, 'exit'], '', true);
      if (try1.status === 0) {
        yield* err(p, `\n${NAME}: WARNING: All keys were skipped because they already exist on the remote system.\n\t\t(if you think this is a mistake, you may want to use -f option)\n\n`);
        return 0;
      }
      if (!try1.said.includes('Permission denied')) {
        yield* err(p, `\n${try1.said.split('\n').filter((l) => l !== '').map((l) => `${NAME}: ERROR: ${l}\n`).join('')}\n`);
        return 1;
      }
      yield* err(p, `${NAME}: INFO: 1 key(s) remain to be installed -- if you are prompted now it is to install the new keys\n`);
    }
    const text = readFile(p, found);
    if (dry) {
      yield* out(p, `=-=-=-=-=-=-=-=\nWould have added the following key(s):\n\n${text}=-=-=-=-=-=-=-=\n`);
      return 0;
    }
    const { status } = yield* ssh(p, [...given, host, INSTALL], text, false);
    if (status !== 0) return 1;
    const port = given.indexOf('-p');
    yield* out(p, `\nNumber of key(s) added: 1\n\nNow try logging into the machine, with:   "ssh ${port < 0 ? '' : `-p '${given[port + 1]}' `}'${host}'"\nand check to make sure that only the key(s) you wanted were added.\n\n`);
    return 0;
  },
});
