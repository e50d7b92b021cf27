// arptables: rules about ARP packets, the older cure of DR's ARP problem. Linux counterpart: arptables 1.8.9 over nf_tables, arptables-nft(8).
// Not modelled: user chains, masks of MAC addresses, hardware and protocol types, CLASSIFY, MARK, --mangle-target.
import type { Process } from '../host/process';
import { err, out } from '../host/syscall';
import { ARP_INV, arpChains, type ArpChain, type ArpRule } from '../kernel/netfilter/arp_tables';
import type { Bytes } from '../lib/text';
import { ipText } from '../wire/ipv4';
import type { Mac } from '../wire/packet';
import { command, EXIT_NOT_MODELLED, notModelledText, type OptionSpec } from './command';
import { parseAddresses, saveAddress } from './iptables/names';
import { mustBeRoot, NotModelled, problem, problemText, VERSION, XtProblem } from './iptables/problem';

const NAME = 'arptables';
const OPCODES = ['Request', 'Reply', 'Request_Reverse', 'Reply_Reverse', 'DRARP_Request', 'DRARP_Reply', 'DRARP_Error', 'InARP_Request', 'ARP_NAK'];
const LONG: Readonly<Record<string, string>> = {
  append: 'A', delete: 'D', insert: 'I', replace: 'R', list: 'L', 'list-rules': 'S', flush: 'F', zero: 'Z', policy: 'P', check: 'C', 'new-chain': 'N', 'delete-chain': 'X', 'rename-chain': 'E',
  'source-ip': 's', src: 's', 'destination-ip': 'd', dst: 'd', 'in-interface': 'i', 'out-interface': 'o', jump: 'j', numeric: 'n', verbose: 'v', 'line-numbers': '0', version: 'V', table: 't',
  'set-counters': 'c', exact: 'x',
  opcode: 'op', 'source-mac': 'smac', 'src-mac': 'smac', 'destination-mac': 'dmac', 'dst-mac': 'dmac',
  'mangle-ip-s': 'mis', 'mangle-ip-d': 'mid', 'mangle-mac-s': 'mms', 'mangle-mac-d': 'mmd',
};
const FLAGS = 'nvx0V';
const COMMANDS = 'ADIRLSFZPCNXE';

interface Line {
  command: string;
  chain: Bytes | null;
  number: number;
  policy: Bytes;
  numbers: boolean;
  verbose: boolean;
  rule: ArpRule;
  version: boolean;
}

const failed = (text: Bytes): XtProblem => new XtProblem(text, 1, false);

function parse(p: Process, argv: readonly Bytes[]): Line {
  const rule: ArpRule = { src: 0, smask: 0, dst: 0, dmask: 0, srcMac: null, dstMac: null, iif: '', oif: '', opcode: 0, inv: 0, target: null, packets: 0, bytes: 0 };
  const line: Line = { command: '', chain: null, number: 0, policy: '', numbers: false, verbose: false, rule, version: false };
  let invert = 0;
  let at = 0;
  const mac = (text: Bytes): Mac => {
    if (!/^([0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}$/.test(text)) throw problem('Problem with specified MAC address');
    return p.host.world.macs.intern(text.split(':').map((b) => b.padStart(2, '0').toLowerCase()).join(':'));
  };
  const plain = (): Bytes | null => (argv[at] !== undefined && argv[at]![0] !== '-' && argv[at] !== '!' ? argv[at++]! : null);
  const number = (text: Bytes): number => {
    if (!/^[1-9]\d*$/.test(text)) throw problem(`Invalid rule number \`${text}'`);
    return Number(text);
  };
  const inverted = (bit: number): void => {
    if (invert) rule.inv |= bit;
    invert = 0;
  };
  while (at < argv.length) {
    const word = argv[at++]!;
    if (word === '!') {
      invert = 1;
      continue;
    }
    if (word[0] !== '-' || word.length < 2) throw new XtProblem(`Bad argument \`${word}'\n`, 2, false);
    const letters = word.startsWith('--') ? [LONG[word.slice(2).split('=')[0]!]] : FLAGS.includes(word[1]!) ? [...word.slice(1)] : [word[1]];
    for (const letter of letters) {
      if (letter === undefined || (letter.length === 1 && !`${COMMANDS}${FLAGS}sdiojtc`.includes(letter))) throw problem(`unknown option "${word.startsWith('--') ? word : `-${letter}`}"`);
      if ('NXE'.includes(letter)) throw new NotModelled('user chains');
      if (letter === 'n' || letter === 'x') continue;
      if (letter === 'v' || letter === '0' || letter === 'V') {
        if (letter === 'v') line.verbose = true;
        else if (letter === '0') line.numbers = true;
        else line.version = true;
        continue;
      }
      const attached = word.startsWith('--') ? (word.includes('=') ? word.slice(word.indexOf('=') + 1) : '') : FLAGS.includes(word[1]!) ? '' : word.slice(2);
      if (COMMANDS.includes(letter)) {
        if (line.command !== '') throw problem(`Cannot use -${letter} with -${line.command}`);
        line.command = letter;
        line.chain = attached !== '' ? attached : plain();
        if (line.chain === null && 'ADIRPC'.includes(letter)) throw problem(`option "${word}" requires an argument`);
        if (letter === 'P') {
          const policy = plain();
          if (policy === null) throw problem('-P requires a chain and a policy');
          line.policy = policy;
        } else if ('DIR'.includes(letter)) {
          const n = plain();
          if (n !== null) line.number = number(n);
          else if (letter === 'R') throw problem('-R requires a rule number');
          else if (letter === 'I') line.number = 1;
        }
        continue;
      }
      const value = attached !== '' ? attached : argv[at++];
      if (value === undefined) throw problem(`option "${word}" requires an argument`);
      option(p, rule, letter, value, inverted, mac);
    }
  }
  if (line.command === '' && !line.version) throw problem('no command specified');
  return line;
}

function option(p: Process, rule: ArpRule, letter: string, value: Bytes, inverted: (bit: number) => void, mac: (text: Bytes) => Mac): void {
  const mangle = (): Extract<ArpRule['target'], { kind: 'mangle' }> => {
    if (rule.target?.kind !== 'mangle') throw problem('unknown option "--mangle"');
    return rule.target;
  };
  switch (letter) {
    case 's':
    case 'd': {
      const [a] = parseAddresses(p, value);
      if (letter === 's') [rule.src, rule.smask] = [a!.ip, a!.mask];
      else [rule.dst, rule.dmask] = [a!.ip, a!.mask];
      inverted(letter === 's' ? ARP_INV.SRC : ARP_INV.DST);
      return;
    }
    case 'i':
      rule.iif = value;
      inverted(ARP_INV.IIF);
      return;
    case 'o':
      rule.oif = value;
      inverted(ARP_INV.OIF);
      return;
    case 'smac':
      rule.srcMac = mac(value);
      inverted(ARP_INV.SMAC);
      return;
    case 'dmac':
      rule.dstMac = mac(value);
      inverted(ARP_INV.DMAC);
      return;
    case 'op': {
      const named = OPCODES.findIndex((o) => o.toLowerCase() === value.toLowerCase()) + 1;
      const n = named > 0 ? named : /^\d+$/.test(value) ? Number(value) : 0;
      if (n === 0) throw problem('Problem with specified opcode');
      rule.opcode = n;
      inverted(ARP_INV.OP);
      return;
    }
    case 'j':
      if (value === 'ACCEPT' || value === 'DROP') rule.target = { kind: value };
      else if (value === 'mangle') rule.target = { kind: 'mangle', ipSource: null, ipTarget: null, macSource: null, macTarget: null };
      else if (value === 'MARK' || value === 'CLASSIFY' || value === 'RETURN') throw new NotModelled(`target ${value}`);
      else throw problem(`Chain '${value}' does not exist`);
      return;
    case 't':
      if (value !== 'filter') throw new XtProblem(`table '${value}' does not exist`, 3);
      return;
    case 'mis':
    case 'mid': {
      const [a] = parseAddresses(p, value);
      mangle()[letter === 'mis' ? 'ipSource' : 'ipTarget'] = a!.ip;
      return;
    }
    case 'mms':
    case 'mmd':
      mangle()[letter === 'mms' ? 'macSource' : 'macTarget'] = mac(value);
      return;
    default:
      throw new NotModelled(`option -${letter}`);
  }
}

/** A rule's words, each with a leading blank. */
function words(p: Process, r: ArpRule, verbose: boolean): Bytes {
  const not = (bit: number): string => ((r.inv & bit) !== 0 ? ' !' : '');
  const macText = (m: Mac): Bytes => p.host.world.macs.text(m);
  const address = (ip: number, mask: number): Bytes => (mask === -1 ? ipText(ip) : saveAddress({ ip, mask }));
  let s = r.target === null ? '' : ` -j ${r.target.kind}`;
  if (r.iif !== '' || verbose) s += `${not(ARP_INV.IIF)} -i ${r.iif || '*'}`;
  if (r.oif !== '' || verbose) s += `${not(ARP_INV.OIF)} -o ${r.oif || '*'}`;
  if (r.smask !== 0) s += `${not(ARP_INV.SRC)} -s ${address(r.src, r.smask)}`;
  if (r.srcMac !== null) s += `${not(ARP_INV.SMAC)} --src-mac ${macText(r.srcMac)}`;
  if (r.dmask !== 0) s += `${not(ARP_INV.DST)} -d ${address(r.dst, r.dmask)}`;
  if (r.dstMac !== null) s += `${not(ARP_INV.DMAC)} --dst-mac ${macText(r.dstMac)}`;
  if (r.opcode !== 0) s += `${not(ARP_INV.OP)} --opcode ${r.opcode}`;
  if (r.target?.kind === 'mangle') {
    const { ipSource, ipTarget, macSource, macTarget } = r.target;
    if (ipSource !== null) s += ` --mangle-ip-s ${ipText(ipSource)}`;
    if (macSource !== null) s += ` --mangle-mac-s ${macText(macSource)}`;
    if (ipTarget !== null) s += ` --mangle-ip-d ${ipText(ipTarget)}`;
    if (macTarget !== null) s += ` --mangle-mac-d ${macText(macTarget)}`;
  }
  return s;
}

function act(p: Process, line: Line): Bytes {
  const { kernel: k } = p.host;
  const chains = k.netfilter.arp ?? arpChains();
  const chain = chains.find((c) => c.name === line.chain);
  if (line.chain !== null && chain === undefined) throw failed(line.command === 'P' ? 'Bad built-in chain name' : 'No chain/target/match by that name');
  const some: ArpChain[] = chain === undefined ? chains : [chain];
  switch (line.command) {
    case 'L':
      return some
        .map((c) => `Chain ${c.name} (policy ${c.policy}${line.verbose ? ' 0 packets, 0 bytes' : ''})\n${c.rules.map((r, i) => `${line.numbers ? `${i + 1} ` : ''}${words(p, r, line.verbose).slice(1)}${line.verbose ? ` , pcnt=${r.packets === 0 ? '--' : r.packets} -- bcnt=${r.packets === 0 ? '' : r.bytes} ` : ''}\n`).join('')}`)
        .join('\n');
    case 'S':
      return some.map((c) => `-P ${c.name} ${c.policy}\n`).join('') + some.map((c) => c.rules.map((r) => `-A ${c.name}${words(p, r, false)}\n`).join('')).join('');
    case 'F':
      for (const c of some) c.rules = [];
      break;
    case 'Z':
      for (const c of some) for (const r of c.rules) r.packets = r.bytes = 0;
      break;
    case 'P':
      if (line.policy !== 'ACCEPT' && line.policy !== 'DROP') throw failed("Bad policy name. Run `dmesg' for more information");
      chain!.policy = line.policy;
      break;
    default:
      change(p, line, chain!);
  }
  k.netfilter.arp = chains.some((c) => c.rules.length > 0 || c.policy !== 'ACCEPT') ? chains : null;
  return '';
}

function change(p: Process, line: Line, chain: ArpChain): void {
  const { rules } = chain;
  switch (line.command) {
    case 'A':
      rules.push(line.rule);
      return;
    case 'I':
      if (line.number > rules.length + 1) throw failed('Index of insertion too big');
      rules.splice(line.number - 1, 0, line.rule);
      return;
    case 'R':
      if (line.number > rules.length) throw failed('Index of replacement too big');
      rules[line.number - 1] = line.rule;
      return;
    default: {
      if (line.number > rules.length) throw failed('Index of deletion too big');
      const text = words(p, line.rule, false);
      const at = line.number > 0 ? line.number - 1 : rules.findIndex((r) => words(p, r, false) === text);
      if (at < 0) throw failed('Bad rule (does a matching rule exist in that chain?)');
      if (line.command === 'D') rules.splice(at, 1);
    }
  }
}

const options: Record<string, OptionSpec> = {};
for (const [long, letter] of Object.entries(LONG)) {
  const missing = 'NXE'.includes(letter) ? { modelled: false as const } : {};
  options[`--${long}`] = { kind: FLAGS.includes(letter) ? 'flag' : 'value', says: long, ...missing };
  if (letter.length === 1 && letter !== '0') options[`-${letter}`] ??= { kind: FLAGS.includes(letter) ? 'flag' : 'value', says: long, ...missing };
}

export const arptables = command({
  name: NAME,
  summary: 'ARP table administration',
  path: '/usr/sbin/arptables',
  package: 'arptables',
  options,
  getopt: null,
  *run(p, _opts, args) {
    if (p.uid !== 0) return yield* mustBeRoot(p, 'arptables');
    try {
      const line = parse(p, args);
      yield* out(p, line.version ? `${NAME} ${VERSION}\n` : act(p, line));
      return 0;
    } catch (e) {
      if (e instanceof NotModelled) {
        yield* err(p, notModelledText(NAME, e.what));
        return EXIT_NOT_MODELLED;
      }
      if (!(e instanceof XtProblem)) throw e;
      yield* err(p, !e.stamped && e.status === 1 ? `${NAME}: ${e.text}.\n` : problemText(NAME, e));
      return e.status;
    }
  },
});
