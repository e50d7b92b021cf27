// The state a shell begins with. Linux counterpart: initialize_shell_variables in bash's variables.c.
import type { Process } from '../host/process';
import { Shell } from './shell';
import type { Bytes } from '../lib/text';
import { newVar } from './vars';
import { nowUs } from '../host/syscall';
/** A new shell's state for a process: variables from its environment and the ones every shell has. */
export function newShell(p: Process): Shell {
  const sh = new Shell(p);
  p.shell = sh;
  const vars = sh.scopes[0]!.vars;
  for (const [name, value] of p.env) {
    const fn = /^BASH_FUNC_(.+)%%$/.exec(name);
    if (fn !== null) {
      if (value.startsWith('() ')) sh.functions.set(fn[1]!, { src: value.slice(3), line: 1, file: 'environment', export: true });
      continue;
    }
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    vars.set(name, { ...newVar(value), export: true });
  }
  const set = (name: string, value: Bytes): void => {
    if (!vars.has(name)) vars.set(name, newVar(value));
  };
  vars.set('IFS', newVar(' \t\n'));
  set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  set('PS4', '+ ');
  set('OPTIND', '1');
  vars.set('OPTERR', newVar('1'));
  vars.set('PWD', { ...newVar(p.cwd), export: true });
  set('HOSTNAME', p.host.kernel.hostname);
  set('HOSTTYPE', 'x86_64');
  set('OSTYPE', 'linux-gnu');
  set('MACHTYPE', 'x86_64-pc-linux-gnu');
  set('BASH', '/bin/bash');
  set('BASH_VERSION', '5.2.15(1)-release');
  vars.set('BASH_VERSINFO', { ...newVar(), arr: new Map(['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'].map((s, i) => [i, s])), readonly: true });
  const level = vars.get('SHLVL');
  vars.set('SHLVL', { ...newVar(String((Number(level?.v ?? 0) || 0) + 1)), export: true });
  set('TERM', 'dumb');
  if (!vars.has('OLDPWD')) vars.set('OLDPWD', { ...newVar(), export: true });
  vars.delete('_');
  sh.lastArg = p.argv[0] ?? 'bash';
  sh.secondsFrom = nowUs(p);
  return sh;
}
