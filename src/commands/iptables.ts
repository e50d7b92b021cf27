// iptables: rules of packet filtering and translation. Linux counterpart: iptables 1.8.9 over nf_tables, iptables(8). The parts are in iptables/.
import type { Process, Run } from '../host/process';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { type Command, command, notModelledText, EXIT_NOT_MODELLED, type OptionSpec } from './command';
import { MATCH_EXTENSIONS, TARGET_EXTENSIONS } from './iptables/extensions';
import { LONG } from './iptables/options';
import { parseLine } from './iptables/parse';
import { mustBeRoot, NotModelled, problemText, VERSION, XtProblem } from './iptables/problem';
import { runLine } from './iptables/run';
import { usage } from './iptables/usage';

/** Options for completion and the page of what is modelled: the tool's own and every extension's. */
export function iptablesOptions(): Record<string, OptionSpec> {
  const found: Record<string, OptionSpec> = {};
  for (const [long, letter] of Object.entries(LONG)) {
    if (letter !== '0') found[`-${letter}`] = { kind: 'flag', says: long };
    found[`--${long}`] = letter === '0' ? { kind: 'flag', says: 'print line numbers when listing' } : { kind: 'flag', says: long, of: `-${letter}` };
  }
  for (const ext of [...MATCH_EXTENSIONS.values(), ...TARGET_EXTENSIONS.values()]) {
    for (const o of ext.options) found[`--${o.name}`] ??= { kind: o.flag === true ? 'flag' : 'value', says: `of ${ext.name}` };
  }
  return found;
}

/** What a failure prints, and the exit status. */
export function failure(program: Bytes, e: unknown, line = 0): { text: Bytes; status: number } {
  if (e instanceof NotModelled) return { text: notModelledText(program, e.what), status: EXIT_NOT_MODELLED };
  if (!(e instanceof XtProblem)) throw e;
  const plain = !e.stamped && e.status === 1;
  return { text: plain ? `${program}: ${e.text}.\n` : problemText(program, e, line), status: e.status };
}

function* main(p: Process, _opts: unknown, args: Bytes[]): Run {
  if (p.uid !== 0 && args.length > 0 && !/^(?:-h|--help|-V|--version)$/.test(args[0]!)) return yield* mustBeRoot(p, 'iptables');
  let text: Bytes;
  try {
    const line = parseLine(p, args);
    text = line.help ? usage('iptables') : line.version ? `iptables ${VERSION}\n` : runLine(p, line);
  } catch (e) {
    const f = failure('iptables', e);
    yield* err(p, f.text);
    return f.status;
  }
  yield* out(p, text);
  return 0;
}

export const iptables: Command = command({
  name: 'iptables',
  summary: 'administration tool for IPv4 packet filtering and NAT',
  path: '/usr/sbin/iptables',
  package: 'iptables',
  options: iptablesOptions(),
  getopt: null,
  run: main,
});
