// cd, pwd, pushd, popd, dirs. Linux counterpart: bash's builtins/cd.def, pushd.def.
import { SysError } from '../../lib/errno';
import type { Op } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { logicalPath, statOf } from '../files';
import { complain, print } from '../say';
import type { Shell } from '../shell';
import { getVar, setVar } from '../vars';
import { type Builtin, options, usage } from './builtin';

/** Changes the directory; words refusals with `who`. False when refused. */
function* change(sh: Shell, who: string, dir: Bytes, physical: boolean, shown = dir): Op<boolean> {
  const { p } = sh;
  const target = logicalPath(p.cwd, dir);
  try {
    const st = p.host.vfs.stat(p, dir === '' ? '.' : dir);
    if (st.type !== 'dir') throw new SysError('ENOTDIR');
    if (!p.host.vfs.access(p, dir === '' ? '.' : dir, 1)) throw new SysError('EACCES');
    const to = physical ? p.host.vfs.realpath(p, dir) : statOf(sh, target)?.type === 'dir' ? target : p.host.vfs.realpath(p, dir);
    const old = getVar(sh, 'PWD') ?? p.cwd;
    p.cwd = to;
    setVar(sh, 'OLDPWD', old);
    setVar(sh, 'PWD', to);
    return true;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* complain(sh, `${who}: ${shown}: ${e.message}`);
    return false;
  }
}

export const cd: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'LPe@');
  if (o.bad !== null) return o.bad;
  if (o.args.length > 1) {
    yield* complain(sh, 'cd: too many arguments');
    return 1;
  }
  const physical = o.opts.has('P') || (sh.flags.has('P') && !o.opts.has('L'));
  let dir = o.args[0];
  let show = false;
  if (dir === undefined) {
    const home = getVar(sh, 'HOME');
    if (home === null) {
      yield* complain(sh, 'cd: HOME not set');
      return 1;
    }
    dir = home;
    if (home === '') return 0;
  } else if (dir === '-') {
    const old = getVar(sh, 'OLDPWD');
    if (old === null) {
      yield* complain(sh, 'cd: OLDPWD not set');
      return 1;
    }
    dir = old;
    show = true;
  } else if (dir !== '' && !/^(\/|\.\.?(\/|$))/.test(dir)) {
    for (const base of (getVar(sh, 'CDPATH') ?? '').split(':')) {
      if (base === '' || statOf(sh, `${base}/${dir}`)?.type !== 'dir') continue;
      dir = `${base}/${dir}`;
      show = true;
      break;
    }
  }
  if (dir === '') return 0;
  if (!(yield* change(sh, 'cd', dir, physical))) return 1;
  if (show) yield* print(sh, 'cd', `${sh.p.cwd}\n`);
  return 0;
};

export const pwd: Builtin = function* (sh, argv) {
  const o = yield* options(sh, argv, 'LP');
  if (o.bad !== null) return o.bad;
  const path = o.opts.has('P') ? sh.p.host.vfs.realpath(sh.p, '.') : sh.p.cwd;
  return (yield* print(sh, 'pwd', `${path}\n`)) ? 0 : 1;
};

const tilded = (sh: Shell, d: Bytes): Bytes => {
  const home = getVar(sh, 'HOME') ?? '';
  return home !== '' && home !== '/' && (d === home || d.startsWith(`${home}/`)) ? `~${d.slice(home.length)}` : d;
};

function* showStack(sh: Shell): Op<number> {
  yield* print(sh, 'dirs', `${[sh.p.cwd, ...sh.dirStack].map((d) => tilded(sh, d)).join(' ')}\n`);
  return 0;
}

export const dirs: Builtin = function* (sh, argv) {
  const all = [sh.p.cwd, ...sh.dirStack];
  let how = '';
  for (const a of argv.slice(1)) {
    if (/^-[clpv]+$/.test(a)) how += a.slice(1);
    else if (/^[-+]\d+$/.test(a)) {
      const n = Number(a.slice(1));
      const at = a[0] === '+' ? n : all.length - 1 - n;
      if (all[at] === undefined) {
        yield* complain(sh, all.length === 1 ? 'dirs: directory stack empty' : `dirs: ${a.slice(1)}: directory stack index out of range`);
        return 1;
      }
      yield* print(sh, 'dirs', `${how.includes('l') ? all[at] : tilded(sh, all[at])}\n`);
      return 0;
    } else {
      return yield* usage(sh, 'dirs', `${a}: invalid number`);
    }
  }
  if (how.includes('c')) {
    sh.dirStack = [];
    return 0;
  }
  const texts = all.map((d) => (how.includes('l') ? d : tilded(sh, d)));
  if (how.includes('v')) yield* print(sh, 'dirs', texts.map((d, i) => `${String(i).padStart(2)}  ${d}\n`).join(''));
  else yield* print(sh, 'dirs', `${texts.join(how.includes('p') ? '\n' : ' ')}\n`);
  return 0;
};

export const pushd: Builtin = function* (sh, argv) {
  const args = argv.slice(1).filter((a) => a !== '-n' && a !== '--');
  const a = args[0];
  if (a === undefined) {
    if (sh.dirStack.length === 0) {
      yield* complain(sh, 'pushd: no other directory');
      return 1;
    }
    const old = sh.p.cwd;
    const to = sh.dirStack[0]!;
    if (!(yield* change(sh, 'pushd', to, false))) return 1;
    sh.dirStack[0] = old;
    return yield* showStack(sh);
  }
  if (/^[-+]\d+$/.test(a)) {
    const all = [sh.p.cwd, ...sh.dirStack];
    const n = Number(a.slice(1));
    const at = a[0] === '+' ? n : all.length - 1 - n;
    if (all[at] === undefined) {
      yield* complain(sh, `pushd: ${a}: directory stack index out of range`);
      return 1;
    }
    const turned = [...all.slice(at), ...all.slice(0, at)];
    if (!(yield* change(sh, 'pushd', turned[0]!, false))) return 1;
    sh.dirStack = turned.slice(1);
    return yield* showStack(sh);
  }
  const old = sh.p.cwd;
  if (!(yield* change(sh, 'pushd', a, false))) return 1;
  sh.dirStack.unshift(old);
  return yield* showStack(sh);
};

export const popd: Builtin = function* (sh, argv) {
  const a = argv.slice(1).find((x) => x !== '-n' && x !== '--');
  if (sh.dirStack.length === 0) {
    yield* complain(sh, 'popd: directory stack empty');
    return 1;
  }
  if (a !== undefined && /^[-+]\d+$/.test(a)) {
    const n = Number(a.slice(1));
    const at = a[0] === '+' ? n : sh.dirStack.length - n;
    if (at > sh.dirStack.length || at < 0) {
      yield* complain(sh, `popd: ${a}: directory stack index out of range`);
      return 1;
    }
    if (at > 0) {
      sh.dirStack.splice(at - 1, 1);
      return yield* showStack(sh);
    }
  } else if (a !== undefined) {
    yield* complain(sh, `popd: ${a}: invalid argument`);
    return 2;
  }
  const to = sh.dirStack.shift()!;
  if (!(yield* change(sh, 'popd', to, false))) return 1;
  return yield* showStack(sh);
};
