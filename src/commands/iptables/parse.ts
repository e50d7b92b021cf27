// iptables' command line: commands, options, and the options extensions bring while it is read. Counterpart: iptables/xshared.c (do_parse), xtables.c of 1.8.9.
import type { Process } from '../../host/process';
import { fitsInterface, INV } from '../../kernel/netfilter/x_tables';
import type { Bytes } from '../../lib/text';
import type { Around, ExtOption } from './extension';
import { type Loaded, Loader } from './loader';
import { parseAddresses, protocolNumber } from './names';
import { ARG, blankRule, checkChainName, checkLegal, COMMANDS, type Line, WITH_RULE } from './options';
import { problem, XtProblem } from './problem';

/** Parses the words after the program's name. Throws XtProblem or NotModelled. `restoring`: -t is the input's. */
export function parseLine(p: Process, argv: readonly Bytes[], restoring = false): Line {
  return new Parser(p, argv, restoring).run();
}

class Parser {
  private at = 0;
  private cluster = '';
  private invert = false;
  private readonly given = new Set<string>();
  private readonly extensions: Loader;
  private readonly line: Line;
  private source: Bytes | null = null;
  private destination: Bytes | null = null;

  constructor(
    private readonly p: Process,
    private readonly argv: readonly Bytes[],
    private readonly restoring: boolean,
  ) {
    this.line = {
      command: '', chain: null, newName: null, policy: null, number: 0, table: 'filter', verbose: 0, numeric: false, exact: false, lineNumbers: false, help: false, version: false,
      rule: blankRule(), sources: [{ ip: 0, mask: 0 }], destinations: [{ ip: 0, mask: 0 }], jump: null,
    };
    this.extensions = new Loader(this.line.rule);
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
    const found = this.extensions.findLong(name);
    if (found === null) {
      if (this.extensions.loadProtocol()) {
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

  private extensionOption(owner: Loaded, option: ExtOption, value: Bytes): void {
    const { invert } = this;
    this.invert = false;
    this.extensions.option(owner, option, value, invert, this.around());
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
        line.jump = value;
        this.extensions.jumpTo(value!, letter === 'g');
        return;
      case 'f':
        this.set('f', INV.FRAG);
        rule.frag = true;
        return;
      case 'm':
        if (this.invert) throw problem('unexpected ! flag before --match');
        this.extensions.load(value!);
        return;
      case 'n':
      case 'x':
      case '0':
        this.set(letter, 0);
        line[letter === 'n' ? 'numeric' : letter === 'x' ? 'exact' : 'lineNumbers'] = true;
        return;
      case 'v':
        this.given.add('v');
        line.verbose++;
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

  private finish(): Line {
    const { line } = this;
    if (line.table === 'nat' && (line.policy === 'DROP' || line.jump === 'DROP')) {
      throw problem('\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n');
    }
    this.extensions.finish(this.around());
    if (line.command === '') throw problem('no command specified');
    if (this.invert) throw problem('nothing appropriate following !');
    if (this.source !== null) line.sources = parseAddresses(this.p, this.source);
    if (this.destination !== null) line.destinations = parseAddresses(this.p, this.destination);
    if ((line.sources.length !== 1 || line.destinations.length !== 1) && (line.rule.inv & (INV.SRC | INV.DST)) !== 0) {
      throw problem('! not allowed with multiple source or destination IP addresses');
    }
    checkLegal(line.command, this.given);
    if (line.chain !== null && line.chain.length > 28) throw problem(`chain name \`${line.chain}' too long (must be under 29 chars)`);
    if (WITH_RULE.includes(line.command)) {
      if ((line.chain === 'PREROUTING' || line.chain === 'INPUT') && this.given.has('o')) throw problem(`Can't use -o with ${line.chain}\n`);
      if ((line.chain === 'POSTROUTING' || line.chain === 'OUTPUT') && this.given.has('i')) throw problem(`Can't use -i with ${line.chain}\n`);
    }
    return line;
  }
}
