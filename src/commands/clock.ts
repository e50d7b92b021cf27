// The wall clock and zone a command sees: TZ, else what /etc/localtime points at, else UTC. Counterpart: tzset(3).
import type { Process } from '../host/process';
import { UTC, type Zone, zoneByName } from '../lib/strftime';
import { attempt } from './io';

/** The zone of a process. */
export function zoneOf(p: Process): Zone {
  const tz = p.env.get('TZ');
  if (tz !== undefined) return zoneByName(tz) ?? { offset: 0, name: tz.replace(/^:/, '').slice(0, 6) || 'UTC' };
  let target = '';
  attempt(() => {
    target = p.host.vfs.readlink(p, '/etc/localtime');
  });
  return zoneByName(target.replace(/^.*zoneinfo\//, '')) ?? UTC;
}
