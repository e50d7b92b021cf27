// ip -json: the same listings as objects. Counterpart: iproute2's lib/json_print.c, where each field is printed as text or as a member; here the members are read off the text.
type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
type Fields = Record<string, Value>;

/** Members by the word that stands before them in a listing; a number where it is one. */
const WORDS: Readonly<Record<string, readonly [key: string, number: boolean]>> = {
  via: ['gateway', false], dev: ['dev', false], proto: ['protocol', false], scope: ['scope', false], src: ['prefsrc', false], metric: ['metric', true], table: ['table', false], lladdr: ['lladdr', false],
  from: ['src', false], to: ['dst', false], fwmark: ['fwmark', false], iif: ['iif', false], oif: ['oif', false], lookup: ['table', false], uid: ['uid', true], mark: ['mark', true], mtu: ['mtu', true], advmss: ['advmss', true],
};
const STATS = {
  rx: ['bytes', 'packets', 'errors', 'dropped', 'over_errors', 'multicast', 'length_errors', 'crc_errors', 'frame_errors', 'fifo_errors', 'missed_errors'],
  tx: ['bytes', 'packets', 'errors', 'dropped', 'carrier_errors', 'collisions', 'aborted_errors', 'fifo_errors', 'window_errors', 'heartbeat_errors', 'carrier_changes'],
};
const ROUTE_TYPES = ['local', 'broadcast', 'unreachable', 'prohibit', 'blackhole', 'multicast', 'unicast', 'throw'];

/** Reads pairs of words into `o`; words alone are given back. */
function pairs(words: readonly string[], o: Fields): string[] {
  const alone: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const known = WORDS[words[i]!];
    if (known === undefined || i + 1 >= words.length) alone.push(words[i]!);
    else o[known[0]] = known[1] ? Number(words[++i]) : words[++i]!;
  }
  return alone;
}

function route(text: string): Fields {
  const [first, ...more] = text.split('\n');
  const words = first!.split(' ').filter((w) => w !== '');
  const o: Fields = {};
  if (ROUTE_TYPES.includes(words[0]!)) o['type'] = words.shift()!;
  o['dst'] = words.shift()!;
  const get = more.some((l) => l.trim().startsWith('cache'));
  const found: Fields = {};
  const flags = pairs(words, found).filter((w) => w === 'onlink' || w === 'linkdown' || w === 'dead');
  const { uid, mtu, advmss, mark, src, ...named } = found;
  if (src !== undefined) o[get ? 'from' : 'src'] = src;
  Object.assign(o, named, mark === undefined ? {} : { mark }, { flags }, uid === undefined ? {} : { uid });
  // `ip route get` has a second line: what the cache says.
  const cache = more.join(' ').trim().split(' ').slice(1);
  const last: Fields = {};
  const said = pairs(cache, last);
  if (get) o['cache'] = said.filter((w) => w.startsWith('<')).flatMap((w) => w.slice(1, -1).split(','));
  if (last['iif'] !== undefined) o['iif'] = last['iif'];
  const metrics = [mtu, last['mtu']].filter((v) => v !== undefined).map((v): Fields => ({ mtu: v }));
  if (advmss !== undefined) metrics.push({ advmss });
  return metrics.length === 0 ? o : { ...o, metrics: [Object.assign({}, ...metrics) as Fields] };
}

function neighbour(text: string, brief: boolean): Fields {
  const words = text.split(' ').filter((w) => w !== '' && w !== '\n');
  const o: Fields = { dst: words.shift()! };
  if (brief) return { ...o, ...(words[0] === undefined ? {} : { dev: words[0] }), ...(words[1] === undefined ? {} : { lladdr: words[1].trim() }) };
  const alone = pairs(words, o);
  if (alone.includes('proxy')) return { ...o, proxy: null };
  const age = / used (\d+)\/(\d+)\/(\d+)probes (\d+) /.exec(text);
  if (age !== null) Object.assign(o, { used: Number(age[1]), confirmed: Number(age[2]), updated: Number(age[3]), probes: Number(age[4]) });
  return { ...o, ...(alone.includes('router') ? { router: true } : {}), state: alone.filter((w) => /^[A-Z]+$/.test(w)) };
}

/** A prefix under two names, the length only when it is not that of one address. */
const prefixed = (name: string, text: string): Fields => {
  const [ip, len] = text.split('/');
  return { [name]: ip!, ...(len === undefined ? {} : { [`${name}len`]: Number(len) }) };
};

function rule(text: string): Fields {
  const [, priority, body] = /^(\d+):\t(.*)/.exec(text)!;
  const words = body!.split(' ').filter((w) => w !== '');
  const after = (word: string): string | undefined => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const o: Fields = { priority: Number(priority), ...(words[0] === 'not' ? { not: null } : {}), ...prefixed('src', after('from')!) };
  const [to, tos, mark, iif, oif, table, proto] = ['to', 'tos', 'fwmark', 'iif', 'oif', 'lookup', 'proto'].map(after);
  if (to !== undefined) Object.assign(o, prefixed('dst', to));
  if (tos !== undefined) o['tos'] = tos;
  if (mark !== undefined) {
    const [value, mask] = mark.split('/');
    Object.assign(o, { fwmark: value! }, mask === undefined ? {} : { fwmask: mask });
  }
  if (iif !== undefined) o['iif'] = iif;
  if (oif !== undefined) o['oif'] = oif;
  const action = words.find((w) => /^(?:prohibit|unreachable|blackhole)$/.test(w));
  Object.assign(o, table === undefined ? {} : { table }, action === undefined ? {} : { action }, proto === undefined ? {} : { protocol: proto });
  return o;
}

function addressInfo(line: string, brief: boolean): Fields {
  const w = line.trim().split(' ');
  const [local, prefix] = (brief ? w[0]! : w[1]!).split('/');
  if (brief) return w[1] === 'peer' ? { local: w[0]!, address: w[2]!.split('/')[0]!, prefixlen: Number(w[2]!.split('/')[1]) } : { local: local!, prefixlen: Number(prefix) };
  const after = (word: string): string | undefined => (w.includes(word) ? w[w.indexOf(word) + 1] : undefined);
  const [brd, scope, peer] = [after('brd'), after('scope'), after('peer')];
  const rest = w.slice(w.indexOf('scope') + 2);
  const flags = Object.fromEntries(rest.filter((x) => ['secondary', 'tentative', 'dadfailed', 'deprecated', 'temporary', 'dynamic'].includes(x)).map((x) => [x, true]));
  return {
    family: w[0]!, ...(peer === undefined ? { local: local!, prefixlen: Number(prefix) } : { local: w[1]!, address: peer.split('/')[0]!, prefixlen: Number(peer.split('/')[1]) }), ...(brd === undefined ? {} : { broadcast: brd }),
    scope: scope ?? 'global', ...flags, ...(w[0] === 'inet' ? { label: rest.at(-1)! } : {}), valid_life_time: 4294967295, preferred_life_time: 4294967295,
  };
}

/** A device, with its addresses unless `link`. */
function device(text: string, link: boolean): Fields {
  const lines = text.split('\n').filter((l) => l !== '');
  const one = /^(\d+): (\S+) {4}(inet6? .*)/.exec(lines[0]!);
  if (one !== null) return { addr_info: [{ index: Number(one[1]), dev: one[2]!, ...addressInfo(one[3]!, false) }] };
  const m = /^(\d+): ([^:@ ]+)(?:@([^: ]+))?: <([^>]*)> mtu (\d+) (?:qdisc (\S+) )?state (\S+) (?:mode (\S+) )?(?:group (\S+) )?qlen (\d+)/.exec(lines[0]!)!;
  const o: Fields = { ifindex: Number(m[1]), ...(m[3] === undefined ? {} : m[3] === 'NONE' ? { link: null } : { link: m[3] }), ifname: m[2]!, flags: m[4]!.split(','), mtu: Number(m[5]) };
  Object.assign(o, m[6] === undefined ? {} : { qdisc: m[6] }, { operstate: m[7]! }, m[8] === undefined ? {} : { linkmode: m[8] }, m[9] === undefined ? {} : { group: m[9] }, { txqlen: Number(m[10]) });
  const hw = /^ +link\/(\S+) (\S+) (brd|peer) (\S+)/.exec(lines[1] ?? '');
  if (hw !== null) Object.assign(o, { link_type: hw[1]!, address: hw[2]! }, hw[3] === 'peer' ? { link_pointtopoint: true } : {}, { broadcast: hw[4]! });
  Object.assign(o, details(lines));
  if (!link) o['addr_info'] = lines.filter((l) => /^ +inet6? /.test(l)).map((l) => addressInfo(l, false));
  const stats = statistics(lines);
  return stats === null ? o : { ...o, stats64: stats };
}

/** Members of -d. */
function details(lines: readonly string[]): Fields {
  const at = lines.findIndex((l) => l.includes(' promiscuity '));
  if (at < 0) return {};
  const text = `${lines[at]!}${/^ +(?:link|inet|RX)/.test(lines[at + 1] ?? '    RX') ? '' : lines[at + 1]!}`;
  const number = (word: string): number => Number(new RegExp(` ${word} (\\d+)`).exec(text)?.[1] ?? 0);
  const mode = / addrgenmode (\S+)/.exec(text)?.[1];
  const kind = /maxmtu \d+ +(veth|dummy|ipip|gre|sit) /.exec(text)?.[1];
  const end = (word: string): string => new RegExp(` ${word} (\\S+)`).exec(text)?.[1] ?? 'any';
  const data: Fields = kind === undefined || kind === 'veth' || kind === 'dummy' ? {} : { info_data: { proto: / (any|ipip) remote /.exec(text)?.[1] ?? 'any', remote: end('remote'), local: end('local'), ttl: / ttl inherit /.test(text) ? 0 : number('ttl'), pmtudisc: !text.includes(' nopmtudisc ') } };
  return {
    promiscuity: number('promiscuity'), allmulti: number('allmulti'), min_mtu: number('minmtu'), max_mtu: number('maxmtu'), ...(kind === undefined ? {} : { linkinfo: { info_kind: kind, ...data } }),
    ...(mode === undefined ? {} : { inet6_addr_gen_mode: mode }), num_tx_queues: number('numtxqueues'), num_rx_queues: number('numrxqueues'), gso_max_size: number('gso_max_size'), gso_max_segs: number('gso_max_segs'),
    tso_max_size: number('tso_max_size'), tso_max_segs: number('tso_max_segs'), gro_max_size: number('gro_max_size'),
  };
}

/** The figures of -s, and of -s -s, each below the line that names them. */
function statistics(lines: readonly string[]): Fields | null {
  const side = (name: 'rx' | 'tx'): Fields => {
    const numbers = lines.flatMap((l, i) => (l.trim().startsWith(name.toUpperCase()) ? lines[i + 1]!.trim().split(/ +/).map(Number) : []));
    return Object.fromEntries(numbers.map((n, i) => [STATS[name][i]!, n]));
  };
  return lines.some((l) => l.trim().startsWith('RX:')) ? { rx: side('rx'), tx: side('tx') } : null;
}

function brief(text: string, link: boolean): Fields {
  const [name, state, ...rest] = text.trim().split(/\s+/);
  const o: Fields = { ifname: name!.replace(/@.*/, ''), operstate: state! };
  if (!link) return { ...o, addr_info: rest.join(' ').split(/(?<=\/\d+) /).filter((a) => a !== '').map((a) => addressInfo(a, true)) };
  return { ...o, address: rest[0] ?? '', flags: (rest[1] ?? '<>').slice(1, -1).split(',') };
}

/** jsonw: compact, or one member a line. */
function write(v: Value, pretty: boolean, depth: number): string {
  if (v === null || typeof v !== 'object') return JSON.stringify(v);
  const [open, comma, pad] = pretty ? [' ', ',', '    '.repeat(depth + 1)] : ['', ',', ''];
  if (Array.isArray(v)) return v.length === 0 ? `[${open}]` : `[${open}${v.map((x: Value) => write(x, pretty, depth + 1)).join(comma)}${open}]`;
  const members = Object.entries(v as Fields).map(([k, x]) => `${pretty ? `\n${pad}` : ''}${JSON.stringify(k)}:${open}${write(x, pretty, depth + 1)}`);
  return `{${members.join(comma)}${pretty ? `\n${'    '.repeat(depth)}` : ''}}`;
}

/** The listing of an object as JSON, or what of it is not modelled. */
export function asJson(object: string, entries: readonly string[], o: { brief: boolean; pretty: boolean }): string | { missing: string } {
  const all = entries.filter((e) => e.trim() !== '');
  if (all.length > 0 && !/^(?:route|neighbou?r|rule|address|link)$/.test(object)) return { missing: `JSON of 'ip ${object}'` };
  const link = object === 'link';
  const rows = all.map((e): Fields => {
    if (object === 'route') return route(e);
    if (object.startsWith('neigh')) return neighbour(e, o.brief);
    if (object === 'rule') return rule(e);
    return o.brief ? brief(e, link) : device(e, link);
  });
  return `${write(rows, o.pretty, 0)}\n`;
}
