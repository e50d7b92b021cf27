// sed: a stream editor. Counterpart: GNU sed 4.9 (execute.c). The script's syntax is in sed/script.ts.
import type { Bytes } from '../lib/text';
import { readFile } from '../host/syscall';
import { define, errnoText, Fatal } from './io';
import { table } from './options';
import { Runner } from './sed/run';
import { parseScript, type Script, SedError } from './sed/script';

const USAGE = `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent
                 suppress automatic printing of pattern space
      --debug
                 annotate program execution
  -e script, --expression=script
                 add the script to the commands to be executed
  -f script-file, --file=script-file
                 add the contents of script-file to the commands to be executed
  --follow-symlinks
                 follow symlinks when processing in place
  -i[SUFFIX], --in-place[=SUFFIX]
                 edit files in place (makes backup if SUFFIX supplied)
  -l N, --line-length=N
                 specify the desired line-wrap length for the \`l' command
  --posix
                 disable all GNU extensions.
  -E, -r, --regexp-extended
                 use extended regular expressions in the script
                 (for portability use POSIX -E).
  -s, --separate
                 consider files as separate rather than as a single,
                 continuous long stream.
      --sandbox
                 operate in sandbox mode (disable e/r/w commands).
  -u, --unbuffered
                 load minimal amounts of data from the input files and flush
                 the output buffers more often
  -z, --null-data
                 separate lines by NUL characters
      --help     display this help and exit
      --version  output version information and exit

If no -e, --expression, -f, or --file option is given, then the first
non-option argument is taken as the sed script to interpret.  All
remaining arguments are names of input files; if no input files are
specified, then the standard input is read.

GNU sed home page: <https://www.gnu.org/software/sed/>.
General help using GNU software: <https://www.gnu.org/gethelp/>.
`;

export const sed = define({
  name: 'sed',
  summary: 'A stream editor.',
  path: '/usr/bin/sed',
  package: 'sed',
  suite: '(GNU sed) 4.9',
  writeErrorExit: 4,
  help: USAGE,
  options: table(
    '-n --quiet --silent: suppress automatic printing of pattern space', '!--debug: annotate program execution', '-e --expression SCRIPT: add the script to the commands to be executed', '-f --file FILE: add the contents of FILE to the commands to be executed',
    '--follow-symlinks: follow symlinks when processing in place', '-i [SUFFIX]: edit files in place', '--in-place [SUFFIX]: edit files in place', '-l --line-length N: specify the desired line-wrap length for the l command', '--posix: disable all GNU extensions',
    '-E -r --regexp-extended: use extended regular expressions in the script', '-s --separate: consider files as separate', '--sandbox: disable e, r and w commands', '-u --unbuffered: flush output often', '-z --null-data: separate lines by NUL characters', '-b --binary: does nothing',
  ),
  getopt: { badExit: 1, tryHelp: USAGE },
  *run(p, opts, given) {
    const args = [...given];
    const pieces: { text: Bytes; file: Bytes | null }[] = [];
    for (const g of opts.given) {
      if (g.key === '-e') pieces.push({ text: g.value!, file: null });
      if (g.key === '-f') {
        try {
          pieces.push({ text: readFile(p, g.value!), file: g.value! });
        } catch (e) {
          throw new Fatal(`sed: couldn't open file ${g.value}: ${errnoText(e)}\n`, 4);
        }
      }
    }
    if (pieces.length === 0) {
      if (args.length === 0) throw new Fatal(USAGE, 1);
      pieces.push({ text: args.shift()!, file: null });
    }
    let script: Script;
    try {
      script = parseScript(pieces, opts.has('-E'), opts.has('--posix'));
    } catch (e) {
      if (e instanceof SedError) throw new Fatal(`${e.message}\n`, e.message.includes('not modelled') ? 64 : e.message.startsWith("sed: can't find label") ? 4 : 1);
      throw e;
    }
    const inPlace = opts.last('-i', '--in-place');
    const run = new Runner(p, script, {
      quiet: opts.has('-n') || script.quiet,
      inPlace: inPlace !== null,
      suffix: inPlace === null ? '' : (opts.value(inPlace) ?? ''),
      separate: opts.has('-s') || inPlace !== null,
      separator: opts.has('-z') ? '\0' : '\n',
      wrap: opts.value('-l') === null ? 70 : Number(opts.value('-l')),
    });
    return yield* run.all(args.length > 0 ? args : ['-']);
  },
});
