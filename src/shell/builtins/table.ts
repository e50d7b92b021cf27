// The shell's builtins by name. Linux counterpart: bash's builtins.c.
import { type Builtin, BUILTINS } from './builtin';
import * as commands from './commands';
import * as dirs from './dirs';
import { fc } from './fc';
import * as flow from './flow';
import * as io from './io';
import * as misc from './misc';
import * as processes from './processes';
import * as settings from './settings';
import * as signals from './signals';
import * as unset from './unset';
import * as variables from './variables';

const ALL: readonly (readonly [string, Builtin])[] = [
  [':', flow.colon], ['true', flow.colon], ['false', flow.false_], ['break', flow.break_], ['continue', flow.continue_], ['return', flow.return_],
  ['exit', flow.exit], ['logout', flow.logout], ['eval', flow.eval_], ['source', flow.source], ['.', flow.source], ['exec', flow.exec], ['shift', flow.shift],
  ['declare', variables.declare], ['typeset', variables.declare], ['local', variables.declare], ['export', variables.setAttribute],
  ['readonly', variables.setAttribute], ['unset', unset.unset], ['let', unset.let_],
  ['echo', io.echo], ['printf', io.printf], ['read', io.read], ['mapfile', io.mapfile], ['readarray', io.mapfile],
  ['cd', dirs.cd], ['pwd', dirs.pwd], ['pushd', dirs.pushd], ['popd', dirs.popd], ['dirs', dirs.dirs],
  ['set', settings.set], ['shopt', settings.shopt],
  ['type', commands.type], ['command', commands.command], ['builtin', commands.builtin], ['hash', commands.hash], ['alias', commands.alias],
  ['unalias', commands.unalias], ['enable', commands.enable], ['help', commands.help],
  ['jobs', processes.jobs], ['fg', processes.fg], ['bg', processes.bg], ['wait', processes.wait], ['kill', signals.kill], ['disown', processes.disown],
  ['trap', signals.trap], ['times', processes.times], ['suspend', processes.suspend],
  ['test', misc.test], ['[', misc.test], ['getopts', misc.getopts], ['umask', misc.umask], ['ulimit', misc.ulimit], ['history', misc.history],
  ['fc', fc], ['caller', misc.caller],
];

/** Puts every builtin into the table; called once, when the first shell program is declared. */
export function installBuiltins(): void {
  for (const [name, b] of ALL) BUILTINS.set(name, b);
}
