// Check `service`: a unit runs, is enabled.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({ on: z.string(), unit: z.string(), running: z.boolean().optional(), enabled: z.boolean().optional() });
type Args = z.infer<typeof schema>;

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  const running = lab.exec(a.on, `systemctl is-active ${a.unit}`).stdout.trim() === 'active';
  const enabled = lab.exec(a.on, `systemctl is-enabled ${a.unit}`).stdout.trim() === 'enabled';
  yield;
  const say = (r: boolean | undefined, e: boolean | undefined) =>
    message('service.is', { host: a.on, unit: a.unit, running: r === undefined ? '*' : r ? '1' : '0', enabled: e === undefined ? '*' : e ? '1' : '0' });
  const ok = (a.running === undefined || a.running === running) && (a.enabled === undefined || a.enabled === enabled);
  return { state: ok ? 'passed' : 'failed', host: a.on, expected: say(a.running, a.enabled), actual: say(running, enabled) };
}

/** A systemd unit. */
export const service: CheckKind<Args> = { name: 'service', schema: () => schema, run };
