// iptables-restore: fills tables from a text, each table at once at its COMMIT. Linux counterpart: iptables 1.8.9 (nf_tables), iptables-restore(8), xtables-restore.c.
import type { Op, Process } from '../host/process';
import { err, LineReader, out, readFile } from '../host/syscall';
import { rulesChanged, type Rule, type Table, TABLE_NAMES, type TableName, tableOf, tableProblem, TABLES } from '../kernel/netfilter/x_tables';
import { cloneState } from '../lib/clone';
import { SysError, strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { command, Options } from './command';
import { failure } from './iptables';
import { parseLine } from './iptables/parse';
import { problem, VERSION, XtProblem } from './iptables/problem';
import { runLine } from './iptables/run';

const NAME = 'iptables-restore';
const HELP = `Usage: iptables-restore [-c] [-v] [-V] [-t] [-h] [-n] [-T table] [-M command] [-4] [-6] [file]
	   [ --counters ]
	   [ --verbose ]
	   [ --version]
	   [ --test ]
	   [ --help ]
	   [ --noflush ]
	   [ --table=<TABLE> ]
	   [ --modprobe=<command> ]
	   [ --ipv4 ]
	   [ --ipv6 ]
`;

/** Words of a line: blanks part them, quotes hold them together, a backslash takes the next character as it is. */
function wordsOf(line: Bytes): Bytes[] {
  const words: Bytes[] = [];
  let word: Bytes | null = null;
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '\\' && quoted && i + 1 < line.length) word = (word ?? '') + line[++i]!;
    else if (c === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (!quoted && /[ \t\n]/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + c;
  }
  if (word !== null) words.push(word);
  return words;
}

/** One table being filled. */
class Filling {
  readonly table: Table;
  private readonly added: { line: number; chain: Bytes; rule: Rule }[] = [];

  constructor(
    private readonly p: Process,
    name: TableName,
    keep: boolean,
  ) {
    const old = tableOf(p.host.kernel, name, false);
    this.table = keep && old !== undefined ? cloneState(old) : { name, chains: TABLES[name].map((c) => ({ name: c, policy: 'ACCEPT', rules: [] })) };
  }

  /** ":CHAIN POLICY [PACKETS:BYTES]". */
  chain(text: Bytes, line: number, counters: boolean): void {
    const [name = '', policy, counts] = text.slice(1).split(/[ \t\n]+/).filter((w) => w !== '');
    if (name.length > 28) throw problem(`chain name \`${name}' too long (must be under 29 chars)`);
    if (policy === undefined) throw problem(`${NAME}: line ${line} policy invalid`);
    if (counters && (counts === undefined || !/^\[\d+:\d+\]$/.test(counts)) && policy !== '-') throw problem(`invalid policy counters for chain '${name}'`);
    const there = this.table.chains.find((c) => c.name === name);
    if (there?.policy != null) {
      if (policy !== 'ACCEPT' && policy !== 'DROP') throw failedAt(line, 'Bad policy name');
      there.policy = policy;
      const [packets, bytes] = counters ? counts!.slice(1, -1).split(':').map(Number) : [];
      there.stats = { packets: packets ?? 0, bytes: bytes ?? 0 };
    } else if (there === undefined) this.table.chains.push({ name, policy: null, rules: [] });
    else there.rules = [];
  }

  rule(text: Bytes, line: number, counters: boolean): Bytes {
    const hit = /^\[(\d+):(\d+)\][ \t]*(.*)$/.exec(text.trimEnd());
    const parsed = parseLine(this.p, wordsOf(hit === null ? text : hit[3]!), true);
    parsed.table = this.table.name;
    if (counters && hit !== null) {
      parsed.rule.packets = Number(hit[1]);
      parsed.rule.bytes = Number(hit[2]);
    }
    const before = new Set(this.table.chains.flatMap((c) => c.rules));
    let said: Bytes;
    try {
      said = runLine(this.p, parsed, this.table);
    } catch (e) {
      if (e instanceof XtProblem && e.status === 1) throw failedAt(line, e.text);
      throw e;
    }
    for (const c of this.table.chains) for (const r of c.rules) if (!before.has(r)) this.added.push({ line, chain: c.name, rule: r });
    return said;
  }

  /** Everything is checked together, then the table takes its place. */
  commit(test: boolean): void {
    const { table } = this;
    for (const c of table.chains) {
      for (const { target } of c.rules) if (target?.kind === 'jump' && !table.chains.some((x) => x.name === target.chain)) throw problem(`Chain '${target.chain}' does not exist`);
    }
    if (tableProblem(table) !== null) throw this.culprit();
    if (test) return;
    const { kernel: k } = this.p.host;
    const at = k.netfilter.tables.findIndex((t) => t.name === table.name);
    if (at < 0) k.netfilter.tables.push(table);
    else k.netfilter.tables[at] = table;
    rulesChanged(k);
  }

  /** The first line with which the table no longer passes. */
  private culprit(): XtProblem {
    const kept = new Set<Rule>();
    for (const a of this.added) {
      kept.add(a.rule);
      const e = tableProblem({ ...this.table, chains: this.table.chains.map((c) => ({ ...c, rules: c.rules.filter((r) => kept.has(r)) })) });
      if (e !== null) return new XtProblem(`\nline ${a.line}: RULE_APPEND failed (${e === 'EMLINK' ? 'Too many links' : strerror('EINVAL')}): rule in chain ${a.chain}`, 4);
    }
    return new XtProblem(`\nRULE_APPEND failed (${strerror('EINVAL')})`, 4);
  }
}

const failedAt = (line: number, why: Bytes): XtProblem => new XtProblem(`line ${line} failed: ${why}`, 1, false);

export const iptablesRestore = command({
  name: NAME,
  summary: 'restore iptables rules',
  path: '/usr/sbin/iptables-restore',
  package: 'iptables',
  options: {
    '-c': { kind: 'flag', says: 'restore counters' },
    '--counters': { kind: 'flag', says: 'restore counters', of: '-c' },
    '-n': { kind: 'flag', says: 'keep what is there' },
    '--noflush': { kind: 'flag', says: 'keep what is there', of: '-n' },
    '-t': { kind: 'flag', says: 'only test' },
    '--test': { kind: 'flag', says: 'only test', of: '-t' },
    '-v': { kind: 'flag', says: 'verbose' },
    '--verbose': { kind: 'flag', says: 'verbose', of: '-v' },
    '-h': { kind: 'flag', says: 'help' },
    '--help': { kind: 'flag', says: 'help', of: '-h' },
    '-V': { kind: 'flag', says: 'version' },
    '--version': { kind: 'flag', says: 'version', of: '-V' },
    '-T': { kind: 'value', says: 'only this table', arg: 'TABLE' },
    '--table': { kind: 'value', says: 'only this table', of: '-T' },
    '-w': { kind: 'optional', says: 'wait for the lock' },
    '--wait': { kind: 'optional', says: 'wait for the lock', of: '-w' },
    '-M': { kind: 'value', says: 'how to load modules' },
    '--modprobe': { kind: 'value', says: 'how to load modules', of: '-M' },
    '-4': { kind: 'flag', says: 'IPv4' },
    '--ipv4': { kind: 'flag', says: 'IPv4', of: '-4' },
    '-6': { kind: 'flag', says: 'IPv6', modelled: false },
    '--ipv6': { kind: 'flag', says: 'IPv6', of: '-6', modelled: false },
  },
  getopt: { badExit: 1, tryHelp: "Try `iptables-restore -h' for more information.\n" },
  *run(p, opts, args) {
    if (opts.has('-h') || opts.has('-V')) {
      yield* out(p, opts.has('-h') ? HELP : `${NAME} ${VERSION}\n`);
      return 0;
    }
    if (args.length > 1) {
      yield* err(p, 'Unknown arguments found on commandline\n');
      return 1;
    }
    let lines: { next(): Op<Bytes | null> } = new LineReader(p, 0);
    if (args.length === 1) {
      try {
        const all = readFile(p, args[0]!).split(/(?<=\n)/);
        lines = { *next() { return all.shift() ?? null; } };
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* err(p, `Can't open ${args[0]}: ${strerror(e.errno)}\n`);
        return 1;
      }
    }
    return yield* restore(p, opts, lines);
  },
});

/** Fills tables from a text, as a program that feeds iptables-restore does (`keep`: with -n); its exit status. */
export function restoreText(p: Process, text: Bytes, keep: boolean): Op<number> {
  const all = text.split(/(?<=\n)/);
  const opts = new Options();
  if (keep) opts.given.push({ key: '-n', value: null });
  return restore(p, opts, { *next() { return all.shift() ?? null; } });
}

function* restore(p: Process, opts: Options, lines: { next(): Op<Bytes | null> }): Op<number> {
  let filling: Filling | null = null;
  let skipping = false;
  let n = 0;
  try {
    for (;;) {
      const line = yield* lines.next();
      if (line === null) break;
      n++;
      if (line === '\n' || line.trim() === '') continue;
      if (line[0] === '#') {
        if (opts.has('-v')) yield* out(p, line);
        continue;
      }
      const inTable: boolean = filling !== null || skipping;
      if (line[0] === '*' && !inTable) {
        const name = line.slice(1).trim();
        const only = opts.value('-T');
        if (!(TABLE_NAMES as string[]).includes(name)) throw problem(`${NAME}: line ${n} table name '${name}' invalid`);
        if (only !== null && only !== name) skipping = true;
        else filling = new Filling(p, name as TableName, opts.has('-n'));
      } else if (!inTable) throw new XtProblem(`line ${n} failed\n`, 1, false);
      else if (line.trim() === 'COMMIT') {
        filling?.commit(opts.has('-t'));
        filling = null;
        skipping = false;
      } else if (filling !== null) {
        if (line[0] === ':') filling.chain(line, n, opts.has('-c'));
        else {
          const said: Bytes = filling.rule(line, n, opts.has('-c'));
          if (said !== '') yield* out(p, said);
        }
      }
    }
    if (filling !== null) throw new XtProblem(`COMMIT expected at line ${n + 1}\n`, 1, false);
    return 0;
  } catch (e) {
    const f = e instanceof XtProblem && e.status === 1 && e.text.endsWith('\n') ? { text: `${NAME}: ${e.text}`, status: 1 } : failure(NAME, e, n);
    yield* err(p, f.text);
    return f.status;
  }
}
