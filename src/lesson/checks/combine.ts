// Checks made of checks: `survives` (the fork is changed, then asked), `all`, `any`, `not`.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { cuttingPower, rebooting } from '../labfile';
import { type CheckContext, type CheckKind, type CheckSpec, kind, list, msg, type Verdict } from './check_kind';

type Inner = z.ZodType<CheckSpec>;

/** The combining kinds; `inner` is the schema of any check, `looks` says whether one only looks. */
export function combining(inner: Inner, looks: (c: CheckSpec) => boolean): CheckKind<unknown>[] {
  const many = later(() => z.array(inner).min(1));
  const survivesSchema = later(() => z.strictObject({
    reboot: z.array(z.string()).optional(),
    /** The same without warning: ipvsadm.service, for one, saves the rules when it is stopped in order. */
    power_cut: z.array(z.string()).optional(),
    restart_network: z.array(z.string()).optional(), stop: z.string().regex(/^\S+ on \S+$/, "'UNIT on HOST'").optional(),
    unplug: z.string().regex(/^\S+ \S+$/, "'HOST INTERFACE'").optional(), wait: z.string().regex(/^\d+s$/, "'3s'").optional(), then: many(),
  }));
  type Survives = z.infer<ReturnType<typeof survivesSchema>>;
  const survives = kind({
    name: 'survives',
    schema: survivesSchema,
    hosts: (a: Survives) => [...(a.reboot ?? []), ...(a.power_cut ?? []), ...(a.restart_network ?? []), ...(a.stop === undefined ? [] : [a.stop.split(' ')[2]!]), ...(a.unplug === undefined ? [] : [a.unplug.split(' ')[0]!])],
    *run(ctx: CheckContext, a: Survives): Steps<Verdict> {
      const what: string[] = [];
      if (a.reboot !== undefined) {
        yield* rebooting(ctx.lab, a.reboot);
        what.push(`reboot ${a.reboot.join(' ')}`);
      }
      if (a.power_cut !== undefined) {
        yield* cuttingPower(ctx.lab, a.power_cut);
        what.push(`power cut ${a.power_cut.join(' ')}`);
      }
      for (const h of a.restart_network ?? []) {
        yield* ctx.lab.executing(h, 'systemctl restart network', { timeoutUs: 60_000_000 });
        what.push(`systemctl restart network (${h})`);
      }
      if (a.stop !== undefined) {
        const [unit, , host] = a.stop.split(' ') as [string, string, string];
        yield* ctx.lab.executing(host, `systemctl stop ${unit}`, { timeoutUs: 30_000_000 });
        what.push(`stop ${a.stop}`);
      }
      if (a.unplug !== undefined) {
        const [host, iface] = a.unplug.split(' ') as [string, string];
        ctx.lab.act({ do: 'unplug', host, iface });
        what.push(`unplug ${a.unplug}`);
      }
      if (a.wait !== undefined) yield* ctx.lab.passing(Number(a.wait.slice(0, -1)) * 1e6);
      const expected = msg('survives.expect', { what: list(what) });
      for (const c of a.then) {
        const v = yield* ctx.run(c);
        if (v.state !== 'passed') return { ...v, about: v.about ?? c.kind, expected: msg('survives.expectThen', { what: list(what), check: c.kind }) };
      }
      return { state: 'passed', expected, actual: msg('survives.yes', { what: list(what) }) };
    },
  });

  const all = kind({
    name: 'all',
    schema: many,
    hosts: () => [],
    reads: (l: CheckSpec[]) => l.every(looks),
    *run(ctx: CheckContext, list_: CheckSpec[]): Steps<Verdict> {
      let last: Verdict | undefined;
      for (const c of list_) {
        last = yield* ctx.run(c);
        if (last.state !== 'passed') return last;
      }
      return last!;
    },
  });
  const any = kind({
    name: 'any',
    schema: many,
    hosts: () => [],
    reads: (l: CheckSpec[]) => l.every(looks),
    *run(ctx: CheckContext, list_: CheckSpec[]): Steps<Verdict> {
      let first: Verdict | undefined;
      for (const c of list_) {
        const v = yield* ctx.run(c);
        if (v.state === 'passed') return v;
        first ??= v;
      }
      return first!;
    },
  });
  const not = kind({
    name: 'not',
    schema: () => inner,
    hosts: () => [],
    reads: looks,
    *run(ctx: CheckContext, c: CheckSpec): Steps<Verdict> {
      const v = yield* ctx.run(c);
      if (v.state === 'blocked') return v;
      const { explanation: _, ...rest } = v;
      return v.state === 'failed' ? { ...rest, state: 'passed' } : { ...rest, state: 'failed', explanation: msg('why.not', { check: c.kind }) };
    },
  });
  return [survives, all, any, not];
}
