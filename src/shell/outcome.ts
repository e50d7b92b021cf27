// What a command's end means: its status, set -e, the ERR trap, and jumps on their way. Linux counterpart: the tail of execute_command_internal.
import type { Op } from '../host/process';
import { late } from './late';
import { Exit, type Shell } from './shell';

/** A break, continue or return is on its way. */
export const jumping = (sh: Shell): boolean => sh.breaking > 0 || sh.continuing > 0 || sh.returning;

/** Records a status; a failure may end the shell (set -e) and runs the ERR trap. */
export function* done(sh: Shell, status: number, counts: boolean): Op<number> {
  sh.status = status;
  if (counts) {
    if (status === 0) return 0;
    if (sh.noErrexit === 0 && !jumping(sh)) {
      const trap = sh.traps.get('ERR');
      if (trap !== undefined && trap !== '' && !sh.inTrap && (sh.flags.has('E') || !sh.frames.some((f) => f.kind === 'fn'))) {
        yield* late.action(sh, trap, 'ERR');
        sh.status = status;
      }
      if (sh.flags.has('e')) throw new Exit(status);
    }
  }
  return status;
}
