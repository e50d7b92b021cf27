// iptables' command line: commands, options, and the options extensions bring while it is read. Counterpart: iptables/xshared.c (do_parse), xtables.c of 1.8.9.
import type { Process } from '../../host/process';
import { fitsInterface, INV, type Rule } from '../../kernel/netfilter/x_tables';
import type { Bytes } from '../../lib/text';
import { type Around, checkOption, checkSeen, type Extension, type ExtOption } from './extension';
import { MATCH_EXTENSIONS, OTHER_MATCHES, OTHER_TARGETS, TARGET_EXTENSIONS } from './extensions';
import { type AddressMask, parseAddresses, protocolNumber } from './names';
import { NotModelled, problem, XtProblem } from './problem';

/** A parsed line. */
export interface Line {
  /** The command's letter; '' none. */
  command: string;
  chain: Bytes | null;
  newName: Bytes | null;
  policy: Bytes | null;
  /** From 1; 0 when none was given. */
  number: number;
  table: Bytes;
  verbose: number;
  numeric: boolean;
  exact: boolean;
  lineNumbers: boolean;
  help: boolean;
  version: boolean;
  rule: Rule;
  sources: AddressMask[];
  destinations: AddressMask[];
  jump: Bytes | null;
}

/** Long options of the tool itself, with the short one each stands for. */
export const LONG: Readonly<Record<string, string>> = {
  append: 'A', delete: 'D', check: 'C', insert: 'I', replace: 'R', list: 'L', 'list-rules': 'S', flush: 'F', zero: 'Z', 'new-chain': 'N', 'delete-chain': 'X',
  'rename-chain': 'E', policy: 'P', source: 's', destination: 'd', src: 's', dst: 'd', protocol: 'p', 'in-interface': 'i', jump: 'j', table: 't', match: 'm',
  numeric: 'n', 'out-interface': 'o', verbose: 'v', wait: 'w', 'wait-interval': 'W', exact: 'x', fragments: 'f', version: 'V', help: 'h', 'line-numbers': '0',
  modprobe: 'M', 'set-counters': 'c', goto: 'g', ipv4: '4', ipv6: '6',
};
/** Short options with a required (r), optional (o) argument, or none. */
const ARG: Readonly<Record<string, 'r' | 'o' | 'n'>> = {
  A: 'r', C: 'r', D: 'r', R: 'r', I: 'r', L: 'o', S: 'o', M: 'r', F: 'o', Z: 'o', N: 'r', X: 'o', E: 'r', P: 'r', V: 'n', h: 'o', o: 'r', p: 'r', s: 'r', d: 'r', j: 'r', i: 'r',
  f: 'n', b: 'n', v: 'n', w: 'o', W: 'r', n: 'n', t: 'r', m: 'r', x: 'n', c: 'r', g: 'r', '4': 'n', '6': 'n', '0': 'n',
};
const COMMANDS = 'ACDIRLSFZNXEP';
/** Options a command refuses (beside those every command takes). */
const WITH_RULE = 'ACDIR';

interface Loaded {
  ext: Extension<object>;
  data: object;
  seen: Set<string>;
}

export const blankRule = (): Rule => ({ src: 0, smask: 0, dst: 0, dmask: 0, iif: '', oif: '', proto: 0, frag: false, inv: 0, matches: [], target: null, packets: 0, bytes: 0 });

/** Parses the words after the program's name. Throws XtProblem or NotModelled. `restoring`: -t is the input's. */
export function parseLine(p: Process, argv: readonly Bytes[], restoring = false): Line {
  return new Parser(p, argv, restoring).run();
}

class Parser {
  private at = 0;
  private cluster = '';
  private invert = false;
  private readonly given = new Set<string>();
  private readonly loaded: Loaded[] = [];
  private protoTried = false;
  private readonly line: Line;
  private source: Bytes | null = null;
  private destination: Bytes | null = null;
  private target: Loaded | null = null;

  constructor(
    private readonly p: Process,
    private readonly argv: readonly Bytes[],
    private readonly restoring: boolean,
  ) {
    this.line = {
      command: '', chain: null, newName: null, policy: null, number: 0, table: 'filter', verbose: 0, numeric: false, exact: false, lineNumbers: false, help: false, version: false,
      rule: blankRule(), sources: [{ ip: 0, mask: 0 }], destinations: [{ ip: 0, mask: 0 }], jump: null,
    };
  }

  run(): Line {
    while (this.cluster !== '' || this.at < this.argv.length) {
      if (this.cluster === '') {
        const word = this.argv[this.at]!;
        if (word === '--') {
          this.at++;
          for (const rest of this.argv.slice(this.at)) this.plain(rest);
          break;
        }
        if (word.startsWith('--')) {
          this.at++;
          this.long(word);
          if (this.line.help || this.line.version) return this.line;
          continue;
        }
        if (word.length < 2 || word[0] !== '-') {
          this.at++;
          this.plain(word);
          continue;
        }
        this.cluster = word.slice(1);
        this.at++;
      }
      const letter = this.cluster[0]!;
      this.cluster = this.cluster.slice(1);
      const takes = letter === '0' ? undefined : ARG[letter];
      if (takes === undefined) throw problem(`unknown option "-${letter}"`);
      let value: Bytes | null = null;
      if (takes !== 'n' && this.cluster !== '') {
        value = this.cluster;
        this.cluster = '';
      } else if (takes === 'r') {
        if (this.at >= this.argv.length) throw problem(`option "-${letter}" requires an argument`);
        value = this.argv[this.at++]!;
      }
      this.option(letter, value);
      if (this.line.help || this.line.version) return this.line;
    }
    return this.finish();
  }

  /** A word that is no option. */
  private plain(word: Bytes): void {
    if (word === '!') {
      if (this.invert) throw problem('multiple consecutive ! not allowed');
      this.invert = true;
      return;
    }
    throw new XtProblem(`Bad argument \`${word}'\n`, 2, false);
  }

  private peek(): Bytes | null {
    const next = this.argv[this.at];
    return next !== undefined && next[0] !== '-' && next[0] !== '!' ? next : null;
  }

  private long(word: Bytes): void {
    const eq = word.indexOf('=');
    const name = (eq < 0 ? word : word.slice(0, eq)).slice(2);
    let value: Bytes | null = eq < 0 ? null : word.slice(eq + 1);
    const found = this.findLong(name);
    if (found === null) {
      if (this.loadProtocol()) {
        this.at--;
        return;
      }
      throw problem(`unknown option "${word}"`);
    }
    const takes = found.owner === null ? ARG[found.letter]! : found.option.flag === true ? 'n' : 'r';
    if (takes === 'n' && value !== null) throw problem(`unknown option "${word}"`);
    if (takes === 'r' && value === null) {
      if (this.at >= this.argv.length) throw problem(`option "${word}" requires an argument`);
      value = this.argv[this.at++]!;
    }
    if (found.owner === null) this.option(found.letter, value);
    else this.extensionOption(found.owner, found.option, value ?? '');
  }

  private findLong(name: string): { owner: null; letter: string } | { owner: Loaded; option: ExtOption } | null {
    const all: { name: string; hit: { owner: null; letter: string } | { owner: Loaded; option: ExtOption }; same: string }[] = [];
    for (const [long, letter] of Object.entries(LONG)) all.push({ name: long, hit: { owner: null, letter }, same: `-${letter}` });
    for (const owner of this.everyone()) for (const option of owner.ext.options) all.push({ name: option.name, hit: { owner, option }, same: `${this.loaded.indexOf(owner)}${option.of ?? option.name}` });
    const exact = all.filter((x) => x.name === name);
    if (exact.length > 0) return exact[exact.length - 1]!.hit; // what was loaded last hides what came before
    const fits = all.filter((x) => x.name.startsWith(name));
    return fits.length > 0 && new Set(fits.map((x) => x.same)).size === 1 ? fits[0]!.hit : null;
  }

  private everyone(): Loaded[] {
    return this.target === null ? this.loaded : [...this.loaded, this.target];
  }

  /** An unknown option may belong to the protocol's own match: -p tcp --dport. */
  private loadProtocol(): boolean {
    if (this.protoTried || this.line.rule.proto === 0) return false;
    const name = { 1: 'icmp', 6: 'tcp', 17: 'udp' }[this.line.rule.proto];
    this.protoTried = true;
    if (name === undefined || this.loaded.some((l) => l.ext.name === name)) {
      if (name === undefined && [33, 132, 136].includes(this.line.rule.proto)) throw new NotModelled('the match of this protocol');
      return false;
    }
    this.load(name);
    return true;
  }

  private load(name: Bytes): void {
    const ext = MATCH_EXTENSIONS.get(name);
    if (ext === undefined) {
      if (OTHER_MATCHES.has(name)) throw new NotModelled(`match ${name}`);
      throw problem(`Couldn't load match \`${name}':No such file or directory\n`);
    }
    const data = ext.init();
    this.loaded.push({ ext: ext as unknown as Extension<object>, data, seen: new Set() });
    this.line.rule.matches.push(data);
  }

  private extensionOption(owner: Loaded, option: ExtOption, value: Bytes): void {
    const { invert } = this;
    this.invert = false;
    checkOption(owner.ext, option, owner.seen, invert);
    owner.ext.parse(owner.data, option.of ?? option.name, value, invert, this.around());
    owner.seen.add(option.of ?? option.name);
  }

  private around(): Around {
    return {
      p: this.p, rule: this.line.rule, numeric: true,
      next: () => {
        const next = this.peek();
        if (next !== null) this.at++;
        return next;
      },
    };
  }

  /** set_option: once only, and '!' only where it means something. */
  private set(letter: string, bit: number): void {
    if (this.given.has(letter) && letter !== 'v') throw problem(`multiple -${letter} flags not allowed`);
    this.given.add(letter);
    if (!this.invert) return;
    if (bit === 0) throw problem(`cannot have ! before -${letter}`);
    this.line.rule.inv |= bit;
    this.invert = false;
  }

  private option(letter: string, value: Bytes | null): void {
    const { line } = this;
    const { rule } = line;
    if (COMMANDS.includes(letter)) {
      this.commandOption(letter, value);
      return;
    }
    switch (letter) {
      case 'p':
        this.set('p', INV.PROTO);
        rule.proto = protocolNumber(this.p, value!);
        if (rule.proto === 0 && (rule.inv & INV.PROTO) !== 0) throw problem('rule would never match protocol');
        return;
      case 's':
        this.set('s', INV.SRC);
        this.source = value;
        return;
      case 'd':
        this.set('d', INV.DST);
        this.destination = value;
        return;
      case 'i':
      case 'o': {
        this.set(letter, letter === 'i' ? INV.IIF : INV.OIF);
        if (value === '') throw problem('Empty interface is likely to be undesired');
        if (value!.length > 15) throw problem(`interface name \`${value}' must be shorter than IFNAMSIZ (15)`);
        const name = fitsInterface(value!, '\0') ? '' : value!;
        if (letter === 'i') rule.iif = name;
        else rule.oif = name;
        return;
      }
      case 'j':
      case 'g':
        this.set('j', 0);
        this.jumpTo(value!, letter === 'g');
        return;
      case 'f':
        this.set('f', INV.FRAG);
        rule.frag = true;
        return;
      case 'm':
        if (this.invert) throw problem('unexpected ! flag before --match');
        this.load(value!);
        return;
      case 'n':
        this.set('n', 0);
        line.numeric = true;
        return;
      case 'v':
        this.given.add('v');
        line.verbose++;
        return;
      case 'x':
        this.set('x', 0);
        line.exact = true;
        return;
      case '0':
        this.set('0', 0);
        line.lineNumbers = true;
        return;
      case 't':
        if (this.invert) throw problem('unexpected ! flag before --table');
        if (this.restoring) throw problem('The -t option cannot be used in iptables-restore.\n');
        line.table = value!;
        return;
      case 'c': {
        this.set('c', 0);
        const comma = value!.indexOf(',');
        const bytes = comma >= 0 ? value!.slice(comma + 1) : this.peek();
        if (bytes === null) throw problem('-c requires packet and byte counter');
        if (comma < 0) this.at++;
        const packets = comma >= 0 ? value!.slice(0, comma) : value!;
        if (!/^\d+$/.test(packets)) throw problem('-c packet counter not numeric');
        if (!/^\d+$/.test(bytes)) throw problem('-c byte counter not numeric');
        rule.packets = Number(packets);
        rule.bytes = Number(bytes);
        return;
      }
      case 'w':
        this.given.add('w');
        if (value === null && /^\d+$/.test(this.peek() ?? '')) this.at++;
        return;
      case 'W':
        if (!this.given.has('w')) throw new XtProblem(`Ignoring deprecated --wait-interval option.\niptables v1.8.9 (nf_tables): --wait-interval only makes sense with --wait\n\n`, 2, false);
        return;
      case 'M':
      case '4':
        return;
      case '6':
        throw new XtProblem('', 2, false);
      case 'h':
        line.help = true;
        return;
      case 'V':
        line.version = true;
        return;
      default:
        throw problem(`unknown option "-${letter}"`);
    }
  }

  private commandOption(letter: string, value: Bytes | null): void {
    const { line } = this;
    if (this.invert) throw problem('unexpected \'!\' flag');
    if (line.command !== '' && !(line.command === 'L' && letter === 'Z') && !(line.command === 'Z' && letter === 'L') && !(line.command === 'S' && letter === 'Z')) {
      throw problem(`Cannot use -${letter} with -${line.command}`);
    }
    if (!(letter === 'Z' && (line.command === 'L' || line.command === 'S'))) line.command = letter;
    const chain = value ?? ('LSFZX'.includes(letter) ? this.peek() : null);
    if (value === null && chain !== null) this.at++;
    if (chain !== null) line.chain = chain;
    const number = (): void => {
      const next = this.peek();
      if (next === null) return;
      this.at++;
      if (!/^\d+$/.test(next) || Number(next) === 0 || Number(next) > 0xffffffff) throw problem(`Invalid rule number \`${next}'`);
      line.number = Number(next);
    };
    if (letter === 'D' && this.peek() !== null) number();
    else if (letter === 'I') {
      number();
      if (line.number === 0) line.number = 1;
    } else if (letter === 'R') {
      if (this.peek() === null) throw problem('-R requires a rule number');
      number();
    } else if ((letter === 'L' || letter === 'S' || letter === 'Z') && chain !== null) number();
    else if (letter === 'N') checkChainName(chain!);
    else if (letter === 'E') {
      const next = this.peek();
      if (next === null) throw problem('-E requires old-chain-name and new-chain-name');
      this.at++;
      line.newName = next;
    } else if (letter === 'P') {
      const next = this.peek();
      if (next === null) throw problem('-P requires a chain and a policy');
      this.at++;
      line.policy = next;
    }
  }

  private jumpTo(name: Bytes, goto: boolean): void {
    const { rule } = this.line;
    if (name === '') throw problem('Invalid target name (too short)');
    if (name.length > 28) throw problem(`Invalid target name \`${name}' (28 chars max)`);
    this.line.jump = name;
    const ext = goto ? undefined : TARGET_EXTENSIONS.get(name);
    if (ext === undefined) {
      if (!goto && OTHER_TARGETS.has(name)) throw new NotModelled(`target ${name}`);
      rule.target = { kind: 'jump', chain: name, goto };
      return;
    }
    const data = ext.init();
    this.target = { ext: ext as unknown as Extension<object>, data, seen: new Set() };
    rule.target = data;
  }

  private finish(): Line {
    const { line } = this;
    if (line.table === 'nat' && (line.policy === 'DROP' || line.jump === 'DROP')) {
      throw problem('\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n');
    }
    for (const l of this.everyone()) {
      l.ext.check?.(l.data, l.seen, this.around());
      checkSeen(l.ext, l.seen);
    }
    if (line.command === '') throw problem('no command specified');
    if (this.invert) throw problem('nothing appropriate following !');
    if (this.source !== null) line.sources = parseAddresses(this.p, this.source);
    if (this.destination !== null) line.destinations = parseAddresses(this.p, this.destination);
    if ((line.sources.length !== 1 || line.destinations.length !== 1) && (line.rule.inv & (INV.SRC | INV.DST)) !== 0) {
      throw problem('! not allowed with multiple source or destination IP addresses');
    }
    this.checkLegal();
    if (line.chain !== null && line.chain.length > 28) throw problem(`chain name \`${line.chain}' too long (must be under 29 chars)`);
    if (WITH_RULE.includes(line.command)) {
      if ((line.chain === 'PREROUTING' || line.chain === 'INPUT') && this.given.has('o')) throw problem(`Can't use -o with ${line.chain}\n`);
      if ((line.chain === 'POSTROUTING' || line.chain === 'OUTPUT') && this.given.has('i')) throw problem(`Can't use -i with ${line.chain}\n`);
    }
    return line;
  }

  /** generic_opt_check: which options a command takes. */
  private checkLegal(): void {
    const { command } = this.line;
    const illegal = (letter: string): boolean => {
      if (letter === 'v') return false;
      if ('psdijof'.includes(letter)) return !WITH_RULE.includes(command);
      if (letter === 'c') return !'AIRZP'.includes(command) && command !== 'S';
      if (letter === 'n' || letter === 'x' || letter === '0') return command !== 'L';
      return false;
    };
    for (const letter of 'nsdpjvxio0cf') if (this.given.has(letter) && illegal(letter)) throw problem(`Illegal option \`${letter === '0' ? '--line-numbers' : `-${letter}`}' with this command`);
  }
}

function checkChainName(name: Bytes): void {
  if (name[0] === '-' || name[0] === '!') throw problem(`chain name not allowed to start with \`${name[0]}'`);
  if (TARGET_EXTENSIONS.has(name) || OTHER_TARGETS.has(name)) throw problem('chain name may not clash with target name');
  if (/\s/.test(name)) throw problem('Invalid chain name');
}
