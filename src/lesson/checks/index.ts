// All kinds of checks, an explicit list, and the schema of one check as written: `{ http: { from: ... } }`.
import { z } from 'zod';
import { arp } from './arp';
import type { CheckKind, CheckSpec } from './check_kind';
import { choice } from './choice';
import { combining } from './combine';
import { firewall } from './firewall';
import { http } from './http';
import { interfaceCheck } from './interface';
import { ipvs } from './ipvs';
import { match } from './match';
import { neighbour } from './neighbour';
import { order } from './order';
import { path } from './path';
import { predict } from './predict';
import { connect, ping } from './reach';
import { resolve } from './resolve';
import { address, hostname, route, sysctl } from './state';
import { commandCheck, file, service, used } from './system';
import { text } from './text';

export type { CheckSpec } from './check_kind';

/** One check: an object with one key, the kind's name. */
export const checkSchema: z.ZodType<CheckSpec> = z.lazy(() =>
  z.record(z.string(), z.unknown()).transform((given, ctx): CheckSpec => {
    const names = Object.keys(given);
    const name = names[0] ?? '';
    const found = kinds.find((k) => k.name === name);
    if (names.length !== 1 || found === undefined) {
      ctx.issues.push({ code: 'custom', input: given, path: names.length === 1 ? [name] : [], message: names.length === 1 ? 'unknown check' : 'one check an entry', params: { known: kinds.map((k) => k.name) } });
      return { kind: name, args: null };
    }
    const parsed = found.schema().safeParse(given[name]);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) ctx.issues.push({ ...issue, path: [name, ...issue.path], input: given[name] } as never);
      return { kind: name, args: null };
    }
    return { kind: name, args: parsed.data };
  }),
) as unknown as z.ZodType<CheckSpec>;

export const kinds: readonly CheckKind<unknown>[] = [
  http, connect, ping, resolve, arp, path, ipvs, address, route, neighbour, sysctl, firewall, interfaceCheck, hostname, service, file, commandCheck, used, predict, choice, order, match, text,
  ...combining(checkSchema, (c) => kindOf(c).reads?.(c.args) ?? false),
];

/** The kind of a validated check. */
export const kindOf = (spec: CheckSpec): CheckKind<unknown> => kinds.find((k) => k.name === spec.kind)!;
