// net.ipv4.vs.*: names, defaults and what may be written. Linux counterpart: vs_vars in net/netfilter/ipvs/ip_vs_ctl.c, Documentation/networking/ipvs-sysctl.rst.
import type { Errno } from '../../lib/errno';
import type { Kernel } from '../kernel';
import { defenceChanged } from './ip_vs_defence';
import { INTS, Vs, VS_NAMES, type VsName } from './ip_vs_settings';

/** A setting below net/ipv4/vs as core/sysctl.ts includes it. Texts have no newline. */
export interface VsSysctl {
  readonly name: string;
  readonly default: string;
  /** False while the module that owns it is absent. */
  readonly exists: (k: Kernel) => boolean;
  readonly read: (k: Kernel) => string;
  readonly write: (k: Kernel, text: string) => Errno | null;
}

/** proc_dointvec: up to `max` whole numbers, decimal, octal or hex; null (EINVAL) for anything else. */
function parseInts(text: string, max: number): number[] | null {
  const out: number[] = [];
  let rest = text.split('\0', 1)[0]!.trimStart();
  while (rest !== '' && out.length < max) {
    const m = /^(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)(?=[\s]|$)/.exec(rest);
    if (m === null) return null;
    const digits = m[2]!;
    const value = /^0[xX]/.test(digits) ? Number.parseInt(digits.slice(2), 16) : digits[0] === '0' ? Number.parseInt(digits, 8) : Number(digits);
    const signed = m[1] === '-' ? -value : value;
    if (signed > 2147483647 || signed < -2147483648) return null;
    out.push(signed);
    rest = rest.slice(m[0].length).trimStart();
  }
  return out.length === 0 ? null : out;
}

/** What a value must satisfy, by name; the others take any int. */
const RULES: Readonly<Partial<Record<VsName, (n: number) => boolean>>> = Object.freeze({
  drop_entry: (n) => n >= 0 && n <= 3,
  drop_packet: (n) => n >= 0 && n <= 3,
  secure_tcp: (n) => n >= 0 && n <= 3,
  sync_version: (n) => n >= 0 && n <= 1,
  sync_ports: (n) => n > 0 && (n & (n - 1)) === 0,
  sync_retries: (n) => n >= 0 && n <= 3,
});
const DEFENCE: readonly VsName[] = ['drop_entry', 'drop_packet', 'secure_tcp', 'amemthresh', 'am_droprate'];

function intSetting(name: VsName): VsSysctl {
  const at = Vs[name];
  const loaded = name === 'lblc_expiration' ? 'ip_vs_lblc' : name === 'lblcr_expiration' ? 'ip_vs_lblcr' : 'ip_vs';
  return {
    name,
    default: String(INTS[name]),
    exists: (k) => k.ipvs !== null && k.modules.some((m) => m.name === loaded),
    read: (k) => String(k.ipvs?.vs[at] ?? INTS[name]),
    write: (k, text) => {
      const n = parseInts(text, 1)?.[0];
      if (n === undefined || RULES[name]?.(n) === false || k.ipvs === null) return 'EINVAL';
      k.ipvs.vs[at] = n;
      if (DEFENCE.includes(name)) defenceChanged(k);
      return null;
    },
  };
}

const syncThreshold: VsSysctl = {
  name: 'sync_threshold',
  default: '3\t50',
  exists: (k) => k.ipvs !== null,
  read: (k) => (k.ipvs?.syncThreshold ?? [3, 50]).join('\t'),
  write: (k, text) => {
    const given = parseInts(text, 2);
    if (given === null || k.ipvs === null) return 'EINVAL';
    const [at, every] = [given[0]!, given[1] ?? k.ipvs.syncThreshold[1]!];
    if (at < 0 || every < 0 || (at >= every && every !== 0)) return 'EINVAL';
    k.ipvs.syncThreshold = [at, every];
    return null;
  },
};

/** All settings below net/ipv4/vs, sorted by name. */
export const vsSysctls: readonly VsSysctl[] = Object.freeze(
  [...VS_NAMES.map(intSetting), syncThreshold].sort((a, b) => (a.name < b.name ? -1 : 1)),
);
