// Decisions of a kernel in words, for whoever lists them.
import type { JSX } from 'react';
import type { StepView } from '../engine';
import { hasWords, words } from '../i18n/i18n';
import { shortMac, type TopoModel } from '../topology/model';

/** Words' arguments of a step: names for addresses, short MACs. */
export function stepArgs(s: StepView, m: TopoModel): Record<string, string | number> {
  const a = s.args;
  const ip = String(a['a'] ?? '');
  const via = String(a['gateway'] ?? '');
  return { ...a, ip, address: ip, src: ip, dst: ip, server: m.byIp.get(ip) ?? ip, before: a['port'] !== undefined && a['port'] !== 0 ? `${ip}:${a['port']}` : ip, via: via === '' ? '' : via, mac: shortMac(String(a['mac'] ?? '')), rule: a['c'] ?? '', hook: a['a'] ?? '', verdict: a['b'] ?? '', kind: s.kind };
}

/** Chains of netfilter's hooks, and its verdicts, by number. */
const CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
const VERDICTS = ['DROP', 'ACCEPT', 'REJECT'];

/** What a step decided. */
export function stepWords(s: StepView, m: TopoModel): string {
  const args = stepArgs(s, m);
  if (s.kind === 'drop') args['reason'] = hasWords(`drop.${args['reason']}`) ? words(`drop.${args['reason']}`) : String(args['reason']);
  if ((s.kind === 'routeForward' || s.kind === 'routeOutput') && args['via'] === '') return words(s.kind === 'routeOutput' ? 'why.routeDirect' : 'why.forwardDirect', args);
  if (s.kind === 'netfilter') {
    args['hook'] = CHAINS[Number(args['hook'])] ?? args['hook']!;
    args['verdict'] = VERDICTS[Number(args['verdict'])] ?? args['verdict']!;
    if (args['rule'] === 0) return words('why.policy', args);
  }
  return hasWords(`why.${s.kind}`) ? words(`why.${s.kind}`, args) : s.kind;
}

/** Its short name. */
export const stepName = (s: StepView): string => (hasWords(`whyName.${s.kind}`) ? words(`whyName.${s.kind}`) : s.kind);

/** Addresses, host names and device names in mono. */
export function rich(text: string): (string | JSX.Element)[] {
  return text.split(/(\d+\.\d+\.\d+\.\d+(?:[:/]\d+)?|…:[0-9a-f:]+|\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b|\b(?:eth|lo|tunl)\d*\b|\b[a-z]+\d{2}\b)/).map((p, i) => (i % 2 === 1 ? <code key={`${i}${p}`}>{p}</code> : p));
}
