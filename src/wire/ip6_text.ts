// IPv6 addresses as text (RFC 4291, RFC 5952): what inet_pton(3) takes and inet_ntop(3) prints. The canonical text itself serves as the key of an address.

/** Eight 16-bit groups of an address in any legal spelling; null when it is none. */
export function ip6Groups(text: string): number[] | null {
  let body = text;
  const tail = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (tail !== null) {
    const b = tail.slice(2).map(Number);
    if (b.some((x) => x > 255)) return null;
    body = `${tail[1]}${((b[0]! << 8) | b[1]!).toString(16)}:${((b[2]! << 8) | b[3]!).toString(16)}`;
  }
  const halves = body.split('::');
  if (halves.length > 2) return null;
  const part = (s: string): number[] | null => {
    if (s === '') return [];
    const words = s.split(':');
    return words.every((w) => /^[0-9a-fA-F]{1,4}$/.test(w)) ? words.map((w) => Number.parseInt(w, 16)) : null;
  };
  const head = part(halves[0]!);
  if (head === null) return null;
  if (halves.length === 1) return head.length === 8 ? head : null;
  const rest = part(halves[1]!);
  if (rest === null || head.length + rest.length > 7) return null;
  return [...head, ...new Array<number>(8 - head.length - rest.length).fill(0), ...rest];
}

/** inet_ntop(3): lower case, the first longest run of two or more zero groups as '::', IPv4-mapped and -compatible tails dotted. */
export function ip6FromGroups(g: readonly number[]): string {
  let at = -1;
  let len = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && g[j] === 0) j++;
    if (j - i > len) {
      at = i;
      len = j - i;
    }
    if (j > i) i = j;
  }
  const dotted = at === 0 && (len === 6 || (len === 5 && g[5] === 0xffff));
  const groups = dotted ? g.slice(0, 6) : g;
  const hex = (from: number, to?: number): string => groups.slice(from, to).map((x) => x.toString(16)).join(':');
  const text = at < 0 ? hex(0) : `${hex(0, at)}::${hex(at + len)}`;
  if (!dotted) return text;
  const v4 = `${g[6]! >> 8}.${g[6]! & 255}.${g[7]! >> 8}.${g[7]! & 255}`;
  return text.endsWith(':') ? text + v4 : `${text}:${v4}`;
}

/** Canonical text of an address; null when `text` is none (inet_pton). */
export function parseIp6(text: string): string | null {
  const g = ip6Groups(text);
  return g === null ? null : ip6FromGroups(g);
}
