// Check `connect`: a TCP connection opens, is refused, or stays unanswered.
import { z } from 'zod';
import { explainRequest } from '../../lab/explain';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ from: z.string(), to: z.string().regex(/^\S+:\d+$/, 'ADDRESS:PORT'), result: z.enum(['open', 'refused', 'silent']).default('open') });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  const since = lab.trace().frameCount() + 1;
  const colon = a.to.lastIndexOf(':');
  const host = a.to.slice(0, colon);
  const r = lab.exec(a.from, `timeout 4 bash -c '</dev/tcp/${host}/${a.to.slice(colon + 1)}'`, { timeoutUs: 8_000_000 });
  yield;
  const found = r.status === 0 ? 'open' : r.status === 124 ? 'silent' : 'refused';
  const why = found === 'open' ? null : explainRequest(lab.trace(), since, a.from, host);
  const say = (result: string) => message(`connect.${result}`, { from: a.from, to: a.to });
  return { state: found === a.result ? 'passed' : 'failed', host: a.from, expected: say(a.result), actual: say(found), explanation: why === null ? null : message(why.key, why.args), frames: why === null ? [] : [why.frame] };
}

/** Reachability by TCP. */
export const connect: CheckKind<Args> = { name: 'connect', schema: () => schema, run };
