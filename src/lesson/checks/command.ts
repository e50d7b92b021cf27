// Check `command`: what a command run by the checker prints and how it ends. The last resort.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { utf8Decode } from '../../lab/text';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ on: z.string(), run: z.string(), status: z.number().int().default(0), prints: z.string().optional() });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  const r = lab.exec(a.on, a.run, { timeoutUs: 20_000_000 });
  yield;
  const out = utf8Decode(r.stdout);
  const ok = r.status === a.status && (a.prints === undefined || out.includes(a.prints));
  return {
    state: ok ? 'passed' : 'failed', host: a.on, expected: message('command.expected', { host: a.on, run: a.run, status: a.status, prints: a.prints ?? '' }),
    actual: message('command.actual', { host: a.on, status: r.status, prints: out.trim().slice(0, 120) }),
  };
}

/** Output and exit status of a command. */
export const command: CheckKind<Args> = { name: 'command', schema: () => schema, run };
