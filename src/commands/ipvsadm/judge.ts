// What goes with what: the legality matrices of options.ts applied. Counterpart: ipvsadm 1.31's generic_opt_check and tunnel_opt_check.
import type { Bytes } from '../../lib/text';
import { type CommandName, LEGAL, OPTIONS, type OptionName, TUNNEL_LEGAL, TUNNEL_OPTIONS, type TunnelType } from './options';

/** The command line is wrong: what to say and the exit status (whole program). */
export class Refused extends Error {
  constructor(readonly text: Bytes, readonly status = 2) {
    super(text);
  }
}

/** Do the options go with the command? The first that does not, in the table's order, is named. */
export function judge(command: CommandName, given: ReadonlySet<OptionName>): void {
  let one: OptionName | null = null;
  for (const name of OPTIONS) {
    const rule = LEGAL[command][name];
    if (!given.has(name)) {
      if (rule === '+') throw new Refused(`You need to supply the '${name}' option for the '${command}' command`);
      continue;
    }
    if (rule === undefined) throw new Refused(`Illegal '${name}' option with the '${command}' command`);
    if (rule !== '1') continue;
    if (one !== null) throw new Refused(`The option '${name}' conflicts with the '${one}' option in the '${command}' command`);
    one = name;
  }
}

/** Do the tunnel options go with the tunnel's type? */
export function judgeTunnel(type: TunnelType, given: ReadonlySet<OptionName>): void {
  let one: OptionName | null = null;
  for (const name of TUNNEL_OPTIONS) {
    const rule = TUNNEL_LEGAL[type][name];
    if (!given.has(name)) {
      if (rule === '+') throw new Refused(`You need to supply the '${name}' option for the '${type}' tunnel type`);
      continue;
    }
    if (rule === undefined) throw new Refused(`Illegal '${name}' option with the '${type}' tunnel type`);
    if (rule !== '1') continue;
    if (one !== null) throw new Refused(`The option '${name}' conflicts with the '${one}' option in the '${type}' tunnel type`);
    one = name;
  }
}

