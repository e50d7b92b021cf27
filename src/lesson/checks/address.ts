// Check `address`: a host has (or lacks) an address, perhaps on a given interface and prefix.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ on: z.string(), has: z.string().optional(), lacks: z.string().optional(), dev: z.string().optional(), up: z.boolean().optional() });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  yield;
  const wanted = a.has ?? a.lacks ?? '';
  const expected = message(a.has === undefined ? 'address.lacks' : 'address.has', { host: a.on, address: wanted, dev: a.dev ?? '*' });
  const found = lab.hostView(a.on).interfaces.filter((i) => a.dev === undefined || i.name === a.dev).flatMap((i) =>
    i.addresses.filter((x) => (wanted.includes('/') ? x.address === wanted : x.address.split('/')[0] === wanted)).map((x) => ({ dev: i.name, up: i.up, address: x.address })),
  );
  const first = found[0];
  const actual = first === undefined ? message('address.none', { host: a.on, address: wanted }) : message('address.found', { host: a.on, address: first.address, dev: first.dev });
  const ok = a.has === undefined ? first === undefined : first !== undefined && (a.up === undefined || first.up === a.up);
  return { state: ok ? 'passed' : 'failed', host: a.on, expected, actual };
}

/** Addresses of a host. */
export const address: CheckKind<Args> = { name: 'address', schema: () => schema, run };
