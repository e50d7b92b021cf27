// Check `ping`: an echo from one host to an address is answered, or is not.
import { z } from 'zod';
import { explainRequest } from '../../lab/explain';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ from: z.string(), to: z.string(), answered: z.boolean().default(true) });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  const since = lab.trace().frameCount() + 1;
  const r = lab.exec(a.from, `ping -c 1 -W 2 ${a.to}`, { timeoutUs: 8_000_000 });
  yield;
  const answered = r.status === 0;
  const args = { from: a.from, to: a.to };
  const why = answered ? null : explainRequest(lab.trace(), since, a.from, a.to);
  return {
    state: answered === a.answered ? 'passed' : 'failed', host: a.from, expected: message(a.answered ? 'ping.answered' : 'ping.silent', args),
    actual: message(answered ? 'ping.answered' : 'ping.silent', args), explanation: answered ? null : why === null ? message('why.notSent', { client: a.from }) : message(why.key, why.args),
    frames: why === null ? [] : [why.frame],
  };
}

/** Reachability by ICMP echo. */
export const ping: CheckKind<Args> = { name: 'ping', schema: () => schema, run };
