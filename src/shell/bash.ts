// bash and sh: how a shell starts. Linux counterpart: bash's shell.c.
import { newShell } from './new_shell';
import { SysError } from '../lib/errno';
import type { Op, Process, Program, Run } from '../host/process';
import { out, readAll, readFile } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { sourceText } from './builtins/flow';
import { setOption } from './builtins/settings';
import { installBuiltins } from './builtins/table';
import { nestedShell } from './interactive';
import { parseShell } from './parse';
import { runUnit, syntaxError } from './units';
import { runMain } from './script';
import { raw, toTheEnd } from './say';
import { readWholeFile, statOf } from './files';
import type { Shell } from './shell';
import { getVar, setVar } from './vars';

const USAGE_TEXT = `Usage:	bash [GNU long option] [option] ...
	bash [GNU long option] [option] script-file ...
GNU long options:
	--debug
	--debugger
	--dump-po-strings
	--dump-strings
	--help
	--init-file
	--login
	--noediting
	--noprofile
	--norc
	--posix
	--pretty-print
	--rcfile
	--restricted
	--verbose
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
`;

const VERSION_TEXT = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`;

interface Started {
  command: Bytes | null;
  script: Bytes | null;
  name: Bytes | null;
  args: Bytes[];
  stdin: boolean;
  login: boolean;
  interactive: boolean;
}

/** Reads the invocation's options into the shell; a number is the status to end with. */
function* invocation(sh: Shell, argv: readonly Bytes[]): Op<Started | number> {
  const s: Started = { command: null, script: null, name: null, args: [], stdin: false, login: false, interactive: false };
  let wantsCommand = false;
  let i = 1;
  for (; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === '--' || a === '-') {
      i++;
      break;
    }
    if (!/^[-+]/.test(a)) break;
    if (a.startsWith('--')) {
      switch (a) {
        case '--login': s.login = true; continue;
        case '--norc': case '--noprofile': case '--noediting': case '--debugger': continue;
        case '--posix': sh.setOpts.add('posix'); continue;
        case '--verbose': sh.flags.add('v'); continue;
        case '--rcfile': case '--init-file': i++; continue;
        case '--version':
          yield* out(sh.p, VERSION_TEXT);
          return 0;
        case '--help':
          yield* out(sh.p, `GNU bash, version 5.2.15(1)-release-(x86_64-pc-linux-gnu)\n${USAGE_TEXT}`);
          return 0;
        default:
          yield* raw(sh, `${sh.name}: ${a}: invalid option\n${USAGE_TEXT}`);
          return 2;
      }
    }
    const on = a[0] === '-';
    for (const c of a.slice(1)) {
      if (c === 'c') wantsCommand = true;
      else if (c === 's') s.stdin = true;
      else if (c === 'l') s.login = true;
      else if (c === 'i') s.interactive = true;
      else if (c === 'o' || c === 'O') {
        const name = argv[++i] ?? '';
        if (c === 'O') {
          if (on) sh.shopts.add(name);
          else sh.shopts.delete(name);
        } else if (!setOption(sh, name, on)) {
          yield* raw(sh, `${sh.name}: line 0: ${sh.name}: ${name}: invalid option name\n`);
          return 2;
        }
      } else if ('abefhkmnptuvxBCEHPTrD'.includes(c)) {
        if (on) sh.flags.add(c);
        else sh.flags.delete(c);
      } else {
        yield* raw(sh, `${sh.name}: ${a[0]}${c}: invalid option\n${USAGE_TEXT}`);
        return 2;
      }
    }
  }
  const rest = argv.slice(i);
  if (wantsCommand) {
    if (rest.length === 0) {
      yield* raw(sh, `${sh.name}: -c: option requires an argument\n`);
      return 2;
    }
    s.command = rest[0]!;
    s.name = rest[1] ?? null;
    s.args = rest.slice(2);
  } else if (rest.length > 0 && !s.stdin) {
    s.script = rest[0]!;
    s.args = rest.slice(1);
  } else s.args = rest;
  return s;
}

function* main(p: Process): Run {
  return yield* start(p, false);
}

function* start(p: Process, dash: boolean): Run {
  const sh = newShell(p);
  sh.dash = dash;
  if (dash) sh.flags.delete('B');
  sh.name = p.argv[0] ?? 'bash';
  const s = yield* invocation(sh, p.argv);
  if (typeof s === 'number') return s;
  sh.params = s.args;
  sh.login = s.login || sh.name.startsWith('-');
  if (s.command !== null) {
    const command = s.command;
    sh.mode = 'c';
    if (s.name !== null) sh.name = s.name;
    setVar(sh, 'BASH_EXECUTION_STRING', command);
    // Started by sshd for a command it reads ~/.bashrc, as Red Hat builds it: what that file prints is what spoils scp.
    const rc = dash || sh.login || !p.env.has('SSH_CLIENT') || getVar(sh, 'SHLVL') !== '1' ? null : readWholeFile(sh, `${p.env.get('HOME') ?? ''}/.bashrc`);
    if (rc !== null) yield* sourceText(sh, `${p.env.get('HOME') ?? ''}/.bashrc`, rc, []);
    return yield* toTheEnd(sh, commandString(sh, command));
  }
  if (s.script !== null) {
    const path = s.script;
    sh.mode = 'script';
    let text: Bytes;
    try {
      if (statOf(sh, path)?.type === 'dir') {
        yield* raw(sh, `${path}: ${path}: Is a directory\n`);
        return 126;
      }
      text = readFile(p, path);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      if (dash) {
        yield* raw(sh, `${sh.name}: 0: cannot open ${path}: ${e.errno === 'ENOENT' ? 'No such file' : e.message}\n`);
        return 2;
      }
      yield* raw(sh, `${sh.name}: ${path}: ${e.message}\n`);
      return e.errno === 'ENOENT' ? 127 : 126;
    }
    if (/^\x7fELF/.test(text)) {
      yield* raw(sh, `${path}: ${path}: cannot execute binary file\n`);
      return 126;
    }
    sh.name = path;
    return yield* toTheEnd(sh, runMain(sh, text));
  }
  const stdin = p.fds.get(0);
  if (stdin !== undefined && stdin.kind === 'tty' && !s.stdin) return yield* toTheEnd(sh, nestedShell(sh, stdin.tty));
  sh.mode = 'stdin';
  return yield* toTheEnd(sh, fromInput(sh));
}

/** `bash -c STRING`: a command at a time; the first that is given up ends it. */
function* commandString(sh: Shell, text: Bytes): Op<number> {
  let rest = text;
  let line = 1;
  let status = 0;
  for (;;) {
    const extglob = sh.shopts.has('extglob');
    const parsed = parseShell(rest, line, extglob);
    const alone = parsed.error === null && parsed.units.length === 1;
    let done = 0;
    let again = false;
    for (const u of parsed.units) {
      status = yield* runUnit(sh, u, alone);
      done += u.text.length;
      if (sh.shopts.has('extglob') !== extglob && done < rest.length) {
        again = true;
        break;
      }
    }
    if (again) {
      line += rest.slice(0, done).split('\n').length - 1;
      rest = rest.slice(done);
      continue;
    }
    if (parsed.error === null) return status;
    yield* syntaxError(sh, parsed.error, '-c', line - 1);
    return parsed.error.status;
  }
}

/** Commands from standard input that is no terminal, as they come. */
function* fromInput(sh: Shell): Op<number> {
  const text = yield* readAll(sh.p, 0);
  return yield* runMain(sh, text);
}

installBuiltins();

const program = (name: string): Program => Object.freeze({ name, main });

export const bash = program('bash');

/** debian's /bin/sh: run by the same shell, with dash's words. Not modelled: dash's narrower language, except that [[ is no keyword. */
export const dash: Program = Object.freeze({
  name: 'dash',
  *main(p: Process): Run {
    return yield* start(p, true);
  },
});
