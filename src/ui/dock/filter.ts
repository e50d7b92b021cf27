// The packet filter: a small part of Wireshark's display filter language. Errors name the token. As in Wireshark tcp.stream is a connection between two addresses, so
// that the two sides of a NAT are two of them; `stream` is our own and means the whole conversation, both sides and the ARP it needed.
import type { FrameView } from '../engine';

export type FilterError = { key: 'unknown' | 'expectValue' | 'expectOp' | 'badAddress' | 'badNumber' | 'expectTerm' | 'unclosed' | 'extra' | 'end'; token: string };
export type Filter = { test(f: FrameView): boolean } | { error: FilterError };

type Test = (f: FrameView) => boolean;
const OPS = ['==', '!=', '>=', '<=', '>', '<', 'eq', 'ne', 'contains'];
const PROTOS = ['arp', 'icmp', 'tcp', 'udp', 'http', 'nfs', 'ip', 'vrrp', 'ipip'];
const NUMBERS: Record<string, (f: FrameView) => number[]> = {
  'tcp.port': (f) => (isTcp(f) ? [f.sport, f.dport] : []), 'tcp.srcport': (f) => (isTcp(f) ? [f.sport] : []), 'tcp.dstport': (f) => (isTcp(f) ? [f.dport] : []),
  'udp.port': (f) => (f.proto === 'UDP' ? [f.sport, f.dport] : []), 'tcp.stream': (f) => (isTcp(f) ? [f.stream] : []), 'frame.number': (f) => [f.id], 'ip.ttl': (f) => [f.ttl], 'tcp.len': (f) => (isTcp(f) ? [f.len] : []), stream: (f) => [f.conversation],
};
const TEXTS: Record<string, (f: FrameView) => string[]> = {
  'ip.addr': (f) => (f.proto === 'ARP' ? [] : [f.src, f.dst]), 'ip.src': (f) => (f.proto === 'ARP' ? [] : [f.src]), 'ip.dst': (f) => (f.proto === 'ARP' ? [] : [f.dst]),
  'eth.addr': (f) => [f.smac, f.dmac], 'eth.src': (f) => [f.smac], 'eth.dst': (f) => [f.dmac],
  host: (f) => [f.from, ...f.to.map((t) => t.host), f.src, f.dst], mode: (f) => [(f.mode ?? '').toLowerCase()], drop: (f) => [f.drop ?? ''],
};
const FLAGS: Record<string, string> = { 'tcp.flags.syn': 'SYN', 'tcp.flags.ack': 'ACK', 'tcp.flags.fin': 'FIN', 'tcp.flags.reset': 'RST', 'tcp.flags.rst': 'RST', 'tcp.flags.push': 'PSH' };

const isTcp = (f: FrameView): boolean => f.proto === 'TCP' || f.proto === 'HTTP' || f.proto === 'NFS';
const isAddress = (s: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(s) && s.split('.').every((n) => Number(n) < 256);

function tokens(text: string): string[] {
  return text.match(/\(|\)|&&|\|\||==|!=|>=|<=|>|<|!|"[^"]*"?|[^\s()&|=!<>"]+|./g)?.filter((t) => t.trim() !== '') ?? [];
}

/** Reads a filter. An empty text passes everything. */
export function parseFilter(text: string): Filter {
  const list = tokens(text);
  let i = 0;
  const fail = (key: FilterError['key'], token: string): never => { throw { key, token } satisfies FilterError; };

  const term = (): Test => {
    const word = list[i++];
    if (word === undefined) return fail('end', list[list.length - 1] ?? '');
    if (word === '!' || word === 'not') { const t = term(); return (f) => !t(f); }
    if (word === '(') {
      const t = or();
      if (list[i++] !== ')') return fail('unclosed', '(');
      return t;
    }
    if (['&&', '||', ')', 'and', 'or', ...OPS].includes(word)) return fail('expectTerm', word);
    const name = word.toLowerCase();
    const op = list[i];
    const hasOp = op !== undefined && OPS.includes(op);
    if (!hasOp && name !== 'host' && name !== 'mode') {
      if (name in FLAGS) return (f) => f.flags.includes(FLAGS[name]!);
      if (PROTOS.includes(name)) return (f) => (name === 'ip' ? f.proto !== 'ARP' : name === 'tcp' ? isTcp(f) : f.proto.toLowerCase() === name);
      if (name === 'drop') return (f) => f.drop !== null;
      if (name in NUMBERS || name in TEXTS) return fail('expectOp', word);
      return fail('unknown', word);
    }
    if (!hasOp && list[i] === undefined) return fail('expectValue', word);
    const real = hasOp ? list[i++]! : '==';
    const raw = list[i++];
    if (raw === undefined || ['&&', '||', ')', '('].includes(raw)) return fail('expectValue', real === '==' && !hasOp ? word : real);
    const value = raw.replace(/^"|"$/g, '').toLowerCase();
    const compare = (has: (string | number)[], want: string | number): boolean => {
      switch (real) {
        case '==': case 'eq': return has.includes(want);
        case '!=': case 'ne': return !has.includes(want);
        case 'contains': return has.some((h) => String(h).toLowerCase().includes(String(want)));
        case '>': return has.some((h) => h > want);
        case '<': return has.some((h) => h < want);
        case '>=': return has.some((h) => h >= want);
        default: return has.some((h) => h <= want);
      }
    };
    const flag = FLAGS[name];
    if (flag !== undefined) {
      if (!/^[01]$/.test(value)) return fail('badNumber', raw);
      return (f) => compare([f.flags.includes(flag) ? 1 : 0], Number(value));
    }
    const numbers = NUMBERS[name];
    if (numbers !== undefined) {
      if (!/^\d+$/.test(value)) return fail('badNumber', raw);
      return (f) => compare(numbers(f), Number(value));
    }
    const texts = TEXTS[name];
    if (texts === undefined) return fail('unknown', word);
    if (name.startsWith('ip.') && real !== 'contains' && !isAddress(value)) return fail('badAddress', raw);
    return (f) => compare(texts(f).map((t) => t.toLowerCase()), value);
  };
  const and = (): Test => {
    const parts = [term()];
    while (list[i] === '&&' || list[i] === 'and') { i++; parts.push(term()); }
    return parts.length === 1 ? parts[0]! : (f) => parts.every((p) => p(f));
  };
  const or = (): Test => {
    const parts = [and()];
    while (list[i] === '||' || list[i] === 'or') { i++; parts.push(and()); }
    return parts.length === 1 ? parts[0]! : (f) => parts.some((p) => p(f));
  };

  if (list.length === 0) return { test: () => true };
  try {
    const test = or();
    if (i < list.length) fail('extra', list[i]!);
    return { test };
  } catch (e) {
    if (typeof e === 'object' && e !== null && 'key' in e) return { error: e as FilterError };
    throw e;
  }
}
