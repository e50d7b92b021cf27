// awk: mawk 1.3.4, as Debian installs it. Lexer, parser and runner are in awk/.
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import type { Op, Process, Run } from '../host/process';
import { closeFd, err, open, out, readFile } from '../host/syscall';
import { AwkSyntax, unescape } from './awk/lex';
import { parseAwk } from './awk/parse';
import { Jump, Runner } from './awk/run';
import { AwkFailure, RecordReader } from './awk/streams';
import { fromInput, toNumber } from './awk/value';
import { command, notModelled } from './command';
import { lastPart } from './files';
import { readAll } from '../host/syscall';
import { table } from './options';

const USAGE = `Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W posix_space   do not consider "\\n" a space.
    -W usage         show this message and exit.
`;

export function awkNamed(name: 'awk' | 'mawk') {
  return command({
    name,
    summary: 'pattern scanning and text processing language',
    path: `/usr/bin/${name}`,
    package: 'mawk',
    options: table('-F VALUE: sets the field separator, FS, to VALUE', '-f FILE: program text is read from FILE', '-v VAR=VALUE: assigns VALUE to program variable VAR', '!-W OPTION: implementation-specific options', '--version: show version information and exit', '--help: show this message and exit'),
    getopt: null,
    *run(p, _opts, argv): Run {
      const shown = lastPart(p.argv[0] ?? name);
      const assigns: Bytes[] = [];
      let fs: Bytes | null = null;
      let source: Bytes | null = null;
      let i = 0;
      for (; i < argv.length; i++) {
        const a = argv[i]!;
        if (a === '--') {
          i++;
          break;
        }
        if (a === '--version' || a === '-W' + 'version' || a === '-V') {
          yield* out(p, 'mawk 1.3.4 20200120\n');
          return 0;
        }
        if (a === '--help' || a === '--usage') {
          yield* out(p, USAGE);
          return 0;
        }
        if (a === '-' || !a.startsWith('-') || a === '') break;
        const letter = a[1]!;
        if (!'FfvW'.includes(letter)) {
          yield* err(p, `${shown}: not an option: ${a}\n`);
          return 2;
        }
        let value = a.slice(2);
        if (value === '') {
          if (i + 1 >= argv.length) {
            yield* err(p, `${shown}: option ${a} lacks argument\n`);
            return 2;
          }
          value = argv[++i]!;
        }
        if (letter === 'F') fs = value;
        else if (letter === 'v') {
          if (!/^[A-Za-z_]\w*=/.test(value)) {
            yield* err(p, `${shown}: improper assignment: -v ${value}\n`);
            return 2;
          }
          assigns.push(value);
        } else if (letter === 'W') return yield* notModelled(p, name, `option -W ${value}`);
        else {
          try {
            source = `${source ?? ''}${value === '-' ? yield* readAll(p, 0) : readFile(p, value)}\n`;
          } catch (e) {
            if (!(e instanceof SysError)) throw e;
            yield* err(p, `${shown}: cannot open ${value} (${strerror(e.errno)})\n`);
            return 2;
          }
        }
      }
      if (source === null) {
        if (i >= argv.length) {
          yield* err(p, USAGE);
          return 0;
        }
        source = `${argv[i++]!}\n`;
      }
      try {
        const run = new Runner(p, parseAwk(source), shown);
        const assign = (text: Bytes): void => {
          const eq = text.indexOf('=');
          const value = fromInput(unescape(text.slice(eq + 1)));
          run.global(text.slice(0, eq)).s = value;
        };
        if (fs !== null) run.global('FS').s = fs === 't' ? 't' : unescape(fs);
        const env = run.global('ENVIRON');
        env.a = new Map([...p.env].map(([k, v]) => [k, fromInput(v)]));
        const operands = argv.slice(i);
        run.global('ARGC').s = operands.length + 1;
        run.global('ARGV').a = new Map([[`0`, shown as Bytes | ReturnType<typeof fromInput>], ...operands.map((o, k) => [String(k + 1), fromInput(o)] as [Bytes, ReturnType<typeof fromInput>])]);
        for (const a of assigns) assign(a);
        input(p, run, shown, assign);
        let status: number;
        try {
          status = yield* run.all();
        } catch (e) {
          if (e instanceof Jump && e.flow === 'exit') status = run.exitCode;
          else if (e instanceof AwkFailure) {
            yield* err(p, e.message);
            yield* run.streams.flushStdout();
            status = 2;
          } else throw e;
        }
        yield* run.streams.closeAll();
        return status;
      } catch (e) {
        if (e instanceof AwkSyntax) {
          yield* err(p, e.line < 0 ? `${shown}: ${-e.line}: ${e.text}\n` : `${shown}: line ${e.line}: ${e.text}\n`);
          return 2;
        }
        if (e instanceof AwkFailure) {
          yield* err(p, e.message);
          return 2;
        }
        throw e;
      }
    },
  });
}

/** Connects the main input: operands are files or assignments; none means standard input. */
function input(p: Process, run: Runner, shown: string, assign: (text: Bytes) => void): void {
  let at = 1;
  let used = false;
  let reader: RecordReader | null = null;
  let finished = false;
  const close = (): void => {
    if (reader !== null && reader.fd > 2) closeFd(p, reader.fd);
    reader = null;
  };
  function* openNext(): Op<boolean> {
    const argc = toNumber(run.global('ARGC').s);
    while (at < argc) {
      const v = run.global('ARGV').a?.get(String(at++));
      const name = v === undefined ? '' : run.str(v);
      if (name === '') continue;
      if (/^[A-Za-z_]\w*=/.test(name)) {
        assign(name);
        continue;
      }
      used = true;
      run.global('FILENAME').s = name;
      run.global('FNR').s = 0;
      try {
        const fd = name === '-' || name === '/dev/stdin' ? 0 : open(p, name, { read: true });
        reader = new RecordReader(p, fd);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        throw new AwkFailure(`${shown}: cannot open ${name} (${strerror(e.errno)})\n`);
      }
      return true;
    }
    if (used) return false;
    used = true;
    run.global('FILENAME').s = '-';
    reader = new RecordReader(p, 0);
    return true;
  }
  run.nextRecord = function* () {
    for (;;) {
      if (finished) return null;
      if (reader === null && !(yield* openNext())) {
        finished = true;
        return null;
      }
      if (reader!.empty) yield* run.streams.flushStdout();
      let record: Bytes | null;
      try {
        record = yield* reader!.next(run.text('RS'));
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        throw new AwkFailure(`${shown}: read error on ${run.text('FILENAME')} (${e.message})\n`);
      }
      if (record !== null) {
        run.global('NR').s = toNumber(run.global('NR').s) + 1;
        run.global('FNR').s = toNumber(run.global('FNR').s) + 1;
        return record;
      }
      close();
    }
  };
  run.skipFile = function* () {
    close();
  };
}

export const awk = awkNamed('awk');
