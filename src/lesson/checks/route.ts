// Check `route`: a host has (or lacks) a route.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ on: z.string(), to: z.string(), via: z.string().optional(), dev: z.string().optional(), absent: z.boolean().default(false) });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  yield;
  const routes = lab.hostView(a.on).routes.filter((r) => r.table === 'main' && r.dst === a.to);
  const match = routes.find((r) => (a.via === undefined || r.gateway === a.via) && (a.dev === undefined || r.dev === a.dev));
  const expected = message(a.absent ? 'route.absent' : 'route.expected', { host: a.on, to: a.to, via: a.via ?? '*' });
  const actual = routes[0] === undefined ? message('route.none', { host: a.on, to: a.to }) : message('route.found', { host: a.on, route: routes[0].text });
  return { state: (match !== undefined) !== a.absent ? 'passed' : 'failed', host: a.on, expected, actual };
}

/** Routes of a host. */
export const route: CheckKind<Args> = { name: 'route', schema: () => schema, run };
