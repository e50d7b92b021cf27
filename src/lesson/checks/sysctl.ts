// Check `sysctl`: the live value of a setting, read from the kernel.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ on: z.string(), key: z.string(), value: z.union([z.string(), z.number()]) });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  const r = lab.exec(a.on, `cat /proc/sys/${a.key.replace(/\./g, '/')}`);
  yield;
  const found = r.status === 0 ? r.stdout.trim().replace(/\t/g, ' ') : '';
  const args = { host: a.on, key: a.key };
  return {
    state: found === String(a.value) ? 'passed' : 'failed', host: a.on, expected: message('sysctl.is', { ...args, value: a.value }),
    actual: r.status === 0 ? message('sysctl.is', { ...args, value: found }) : message('sysctl.missing', args),
  };
}

/** A kernel setting in force. */
export const sysctl: CheckKind<Args> = { name: 'sysctl', schema: () => schema, run };
