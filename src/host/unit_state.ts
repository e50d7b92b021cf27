// What units are doing: their run-time state as plain data. Linux counterpart: systemd's Unit and Service objects.
import type { Bytes } from '../lib/text';
import type { Host } from './host';
import { type JournalLine, log } from './journal';
import type { BufferFile } from './open_file';
import { fullName, loadUnit, unitNames } from './unit_file';

export type ActiveState = 'inactive' | 'activating' | 'active' | 'reloading' | 'deactivating' | 'failed';

/** One command a unit ran, for `systemctl status`. */
export interface RanCommand {
  key: 'ExecStartPre' | 'ExecStart' | 'ExecReload' | 'ExecStop';
  line: Bytes;
  pid: number;
  status: number;
  signal: number;
}

/** Run-time state of a unit that was touched. */
export interface UnitState {
  name: string;
  active: ActiveState;
  /** dead, running, exited, failed, start ... */
  sub: string;
  /** Main process; 0 for none. */
  mainPid: number;
  /** When it entered the state, virtual us. */
  since: number;
  /** 'success', 'exit-code', 'signal', 'timeout', 'resources'. */
  result: string;
  ran: RanCommand[];
  /** Output of its running processes, not yet in the journal. */
  output: BufferFile;
}

/** All units of a host. Plain data. */
export class Units {
  states = new Map<string, UnitState>();
  journal: JournalLine[] = [];
}

/** State of a unit, 'inactive' when it never ran. Null when there is no such unit. */
export function unitState(host: Host, given: Bytes): UnitState | null {
  const name = fullName(given);
  const known = host.units.states.get(name);
  if (known !== undefined) return known;
  return loadUnit(host, name) === null ? null : fresh(host, name);
}

const fresh = (host: Host, name: string): UnitState => ({
  name, active: 'inactive', sub: 'dead', mainPid: 0, since: host.world.clock.now, result: 'success', ran: [],
  output: { kind: 'buffer', refs: 1, readable: false, writable: true, parts: [], input: '' },
});

/** All units with their state, sorted by name: `systemctl list-units`. */
export function listUnits(host: Host): UnitState[] {
  return unitNames(host).map((n) => unitState(host, n)!);
}

export const isActive = (host: Host, name: Bytes): boolean => ['active', 'reloading'].includes(unitState(host, name)?.active ?? '');

/** Moves a unit into a state and notes when. */
export function set(host: Host, s: UnitState, active: ActiveState, sub: string): void {
  if (s.active !== active) s.since = host.world.clock.now;
  s.active = active;
  s.sub = sub;
}

/** Moves what a unit's processes wrote into the journal. Call before reading the journal. */
export function flushOutput(host: Host, s: UnitState): void {
  if (s.output.parts.length === 0) return;
  const text = s.output.parts.join('');
  s.output.parts = [];
  if (text !== '') log(host, s.name, baseOf(s.ran.at(-1)?.line ?? s.name), s.mainPid || (s.ran.at(-1)?.pid ?? 0), text);
}

/** Name of the program an Exec line starts. */
export const baseOf = (line: Bytes): string => {
  const first = line.split(/\s+/)[0] ?? '';
  return first.slice(first.lastIndexOf('/') + 1);
};
