// Where hosts and switches stand: computed from roles and segments alone, so the same lab always looks the same.
export interface Box { x: number; y: number; w: number; h: number }
export interface PlaceHost { name: string; role: string; segments: string[]; rows: number; /** Lines of addresses under the name. */ lines: number }
export interface Places { hosts: Map<string, Box>; segments: Map<string, Box>; width: number; height: number }

export const CARD_H = 51;
export const ROW_H = 25;
const PILL_H = 28;
/** Room for the legend in the left upper corner. */
const LEGEND_H = 62;
/** Hosts in a column before it breaks. */
const LONGEST = 12;
/** Height of a card's head with `lines` of addresses. */
export const headHeight = (lines: number): number => CARD_H + Math.max(0, Math.min(2, lines) - 1) * 14;

/** Places everything in a pane of `w` x `h` px; the drawing may be larger than the pane and is then fitted. */
export function place(hosts: PlaceHost[], segments: string[], w: number, h: number, card: number, pill: number): Places {
  const W = Math.max(w, 600);
  const H = Math.max(h, 400);
  const at = new Map<string, Box>();
  const pills = new Map<string, Box>();
  const height = (p: PlaceHost): number => headHeight(p.lines) + p.rows * ROW_H;
  const column = (list: PlaceHost[], x: number, top: number, bottom: number): void => {
    const sum = list.reduce((n, p) => n + height(p), 0);
    const gap = Math.max(14, Math.min(56, (bottom - top - sum) / Math.max(1, list.length)));
    let y = (top + bottom - sum - gap * (list.length - 1)) / 2;
    for (const p of list) { at.set(p.name, { x, y, w: card, h: height(p) }); y += height(p) + gap; }
  };
  const used = segments.filter((s) => hosts.some((p) => p.segments.includes(s)));
  const clients = hosts.filter((p) => p.role === 'client' || p.role === '');
  const backs = hosts.filter((p) => p.role === 'real-server' || p.role === 'storage');
  const middles = hosts.filter((p) => !clients.includes(p) && !backs.includes(p));
  const pillAt = (s: string, cx: number, cy: number): void => void pills.set(s, { x: cx - pill / 2, y: cy - PILL_H / 2, w: pill, h: PILL_H });
  const simple = middles.length === 1 && clients.length <= 2 && backs.length <= 4 && used.length <= 2;

  if (simple) {
    const far = used.length === 2 ? used.find((s) => clients.some((p) => p.segments.includes(s)) && !backs.some((p) => p.segments.includes(s))) : undefined;
    const near = used.find((s) => s !== far) ?? used[0] ?? '';
    const cx = 16 + card + 34 + pill / 2 + Math.max(0, (W - 640) * 0.22);
    const cy = Math.min(H * 0.62, Math.max(250, H - 170));
    const d = middles[0]!;
    const dy = Math.max(40, Math.min(64, H * 0.1));
    at.set(d.name, { x: cx - card / 2, y: dy, w: card, h: height(d) });
    pillAt(near, cx, cy);
    const clientX = 16 + Math.max(0, (W - 640) * 0.04);
    const [first, second] = clients;
    if (second !== undefined && far !== undefined) {
      // Their switch stands between the two, so that neither cable runs behind the other's card.
      const gap = Math.min(56, (cy - LEGEND_H - height(first!) - PILL_H - height(second) / 2) / 2);
      const y = cy - height(second) / 2;
      at.set(second.name, { x: clientX, y, w: card, h: height(second) });
      pillAt(far, clientX + pill / 2, y - gap - PILL_H / 2);
      at.set(first!.name, { x: clientX, y: y - 2 * gap - PILL_H - height(first!), w: card, h: height(first!) });
    } else {
      if (second !== undefined) column(clients, clientX, cy - 130, cy + 130);
      else if (first !== undefined) at.set(first.name, { x: clientX, y: cy - CARD_H / 2, w: card, h: height(first) });
      if (far !== undefined) pillAt(far, clientX + pill / 2, dy + 50 + (cy - dy - 100) * 0.42);
    }
    const cards = backs.reduce((n, p) => n + height(p), 0);
    const between = Math.max(14, Math.min(44, (H - 48 - cards) / Math.max(1, backs.length - 1)));
    const sum = cards + between * (backs.length - 1);
    const mid = Math.min(Math.max(cy + 24, 196 + sum / 2), Math.max(cy, H - 24 - sum / 2));
    column(backs, W - 16 - card, mid - sum / 2 - between / 2, mid + sum / 2 + between / 2);
    return bounds(at, pills);
  }

  // Otherwise columns: clients, their switches, what forwards, the inner switches, servers.
  const outer = used.filter((s) => clients.some((p) => p.segments.includes(s)) && !backs.some((p) => p.segments.includes(s)));
  const inner = used.filter((s) => !outer.includes(s));
  const groups: { hosts?: PlaceHost[]; pills?: string[] }[] = [{ hosts: clients }, { pills: outer }, { hosts: middles }, { pills: inner }, { hosts: backs }].filter((c) => (c.hosts ?? c.pills ?? []).length > 0);
  // A long column breaks into several, about as wide as high.
  const cols = groups.flatMap((c): typeof groups => {
    const list = c.hosts ?? [];
    const tallest = Math.max(LONGEST, Math.ceil(Math.sqrt(list.length * 2)));
    if (list.length <= tallest) return [c];
    return Array.from({ length: Math.ceil(list.length / tallest) }, (_, i) => ({ hosts: list.slice(i * tallest, (i + 1) * tallest) }));
  });
  const tall = Math.max(H, ...cols.map((c) => (c.hosts ?? []).reduce((n, p) => n + height(p) + 16, 40)));
  const need = cols.reduce((n, c) => n + (c.hosts ? card : pill), 0) + 44 * (cols.length - 1) + 32;
  const wide = Math.max(W, need);
  const gap = 44 + (wide - need) / Math.max(1, cols.length - 1);
  let x = 16;
  for (const c of cols) {
    if (c.hosts) { column(c.hosts, x, 20, tall - 20); x += card + gap; continue; }
    const list = c.pills ?? [];
    list.forEach((s, i) => pillAt(s, x + pill / 2, (tall * (i + 1)) / (list.length + 1)));
    x += pill + gap;
  }
  return bounds(at, pills);
}

function bounds(hosts: Map<string, Box>, segments: Map<string, Box>): Places {
  const all = [...hosts.values(), ...segments.values()];
  // What is higher than the pane begins at its top.
  const top = Math.min(0, ...all.map((b) => b.y - 16));
  for (const b of all) b.y -= top;
  return { hosts, segments, width: Math.max(0, ...all.map((b) => b.x + b.w)) + 16, height: Math.max(0, ...all.map((b) => b.y + b.h)) + 16 };
}
