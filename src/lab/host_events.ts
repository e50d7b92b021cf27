// Events of the host and shell floors, for the table of handlers.
import { bootEvent } from '../host/boot';
import { daemonEvent, daemonTimer, processEnded, processSignal } from '../host/daemons/daemon_events';
import { Ev, type Handler } from '../kernel/world';
import { sessionEvent } from '../shell/login';

export const hostHandlers: readonly (readonly [number, Handler])[] = Object.freeze([
  [Ev.daemon, daemonEvent],
  [Ev.unit, daemonTimer],
  [Ev.boot, bootEvent],
  [Ev.processSignal, processSignal],
  [Ev.processEnded, processEnded],
  [Ev.session, sessionEvent],
] as const);
