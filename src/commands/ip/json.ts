// ip -json: the same listings as objects. Counterpart: iproute2's lib/json_print.c, where each field is printed as text or as a member; here the members are read off the text.
type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
type Fields = Record<string, Value>;

/** Members by the word that stands before them in a listing; a number where it is one. */
const WORDS: Readonly<Record<string, readonly [key: string, number: boolean]>> = {
  via: ['gateway', false], dev: ['dev', false], proto: ['protocol', false], scope: ['scope', false], src: ['prefsrc', false], metric: ['metric', true], table: ['table', false], lladdr: ['lladdr', false],
  from: ['src', false], to: ['dst', false], fwmark: ['fwmark', false], iif: ['iif', false], oif: ['oif', false], lookup: ['table', false], uid: ['uid', true], mtu: ['mtu', true], advmss: ['advmss', true],
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
  const { uid, ...rest } = ((): Fields => {
    const f: Fields = {};
    f['flags'] = pairs(words, f).filter((w) => w === 'onlink' || w === 'linkdown' || w === 'dead');
    return f;
  })();
  const { flags, mtu, advmss, ...named } = rest;
  const metrics = { ...(mtu === undefined ? {} : { mtu }), ...(advmss === undefined ? {} : { advmss }) };
  Object.assign(o, named, { flags: flags! }, Object.keys(metrics).length === 0 ? {} : { metrics: [metrics] });
  // `ip route get` has a second line: what the cache says.
  const cache = more.find((l) => l.trim().startsWith('cache'));
  return cache === undefined ? o : { ...o, uid: uid ?? 0, cache: [...cache.matchAll(/<([^>]*)>/g)].flatMap((m) => m[1]!.split(',')) };
}

function neighbour(text: string): Fields {
  const words = text.split(' ').filter((w) => w !== '' && w !== '\n');
  const o: Fields = { dst: words.shift()! };
  const alone = pairs(words, o);
  if (alone.includes('proxy')) return { ...o, proxy: null };
  return { ...o, ...(alone.includes('router') ? { router: true } : {}), state: alone.filter((w) => /^[A-Z]+$/.test(w)) };
}

function rule(text: string): Fields {
  const m = /^(\d+):\t(.*)/.exec(text)!;
  const o: Fields = { priority: Number(m[1]) };
  const alone = pairs(m[2]!.split(' ').filter((w) => w !== ''), o);
  return alone.includes('not') ? { ...o, not: true } : o;
}

function addressInfo(line: string, brief: boolean): Fields {
  const w = line.trim().split(' ');
  const [local, prefix] = (brief ? w[0]! : w[1]!).split('/');
  if (brief) return { local: local!, prefixlen: Number(prefix) };
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
  const m = /^(\d+): ([^:@ ]+)(?:@([^: ]+))?: <([^>]*)> mtu (\d+) (?:qdisc (\S+) )?state (\S+) (?:mode (\S+) )?(?:group (\S+) )?qlen (\d+)/.exec(lines[0]!)!;
  const o: Fields = { ifindex: Number(m[1]), ...(m[3] === undefined ? {} : m[3] === 'NONE' ? { link: null } : { link: m[3] }), ifname: m[2]!, flags: m[4]!.split(','), mtu: Number(m[5]) };
  Object.assign(o, m[6] === undefined ? {} : { qdisc: m[6] }, { operstate: m[7]! }, m[8] === undefined ? {} : { linkmode: m[8] }, m[9] === undefined ? {} : { group: m[9] }, { txqlen: Number(m[10]) });
  const hw = /^ +link\/(\S+) (\S+) (brd|peer) (\S+)/.exec(lines[1] ?? '');
  if (hw !== null) Object.assign(o, { link_type: hw[1]!, address: hw[2]! }, hw[3] === 'peer' ? { link_pointtopoint: true } : {}, { broadcast: hw[4]! });
  if (!link) o['addr_info'] = lines.filter((l) => /^ +inet6? /.test(l)).map((l) => addressInfo(l, false));
  return o;
}

function brief(text: string, link: boolean): Fields {
  const [name, state, ...rest] = text.trim().split(/\s+/);
  const o: Fields = { ifname: name!.replace(/@.*/, ''), operstate: state! };
  if (!link) return { ...o, addr_info: rest.map((a) => addressInfo(a, true)) };
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
export function asJson(object: string, entries: readonly string[], o: { brief: boolean; pretty: boolean; stats: number; details: boolean }): string | { missing: string } {
  if (o.stats > 0 || o.details) return { missing: 'JSON with -s or -d' };
  if (!/^(?:route|neighbou?r|rule|address|link)$/.test(object)) return { missing: `JSON of 'ip ${object}'` };
  const all = entries.filter((e) => e.trim() !== '');
  const link = object === 'link';
  const rows = all.map((e): Fields => {
    if (object === 'route') return route(e);
    if (object.startsWith('neigh')) return neighbour(e);
    if (object === 'rule') return rule(e);
    return o.brief ? brief(e, link) : device(e, link);
  });
  return `${write(rows, o.pretty, 0)}\n`;
}
