// Every command answers a wrong option as getopt does, and says loudly what is not modelled.
import { describe, expect, test } from 'vitest';
import { type Command, notModelledText } from './command';
import { commands } from './index';
import { Rig } from './test_rig';

/** Commands with a grammar of their own, which getopt's rules do not fit. */
const ownGrammar = (c: Command): boolean => !c.usesGetopt;

test('names are unique and paths are absolute', () => {
  expect(commands.length).toBeGreaterThan(100);
  const names = commands.map((c) => c.name);
  expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
  expect(commands.filter((c) => c.path !== '' && !c.path.startsWith('/')).map((c) => c.name)).toEqual([]);
});

describe('a wrong option', () => {
  const rig = new Rig();
  test.each(commands.filter((c) => !ownGrammar(c)).map((c) => [c.name, c] as const))('%s', (name, c) => {
    const letter = [...'~@'].find((l) => c.options[`-${l}`] === undefined)!;
    const r = rig.run(c, [`-${letter}`]);
    // A script speaks as the program it calls; a few have words of their own.
    const own: Record<string, readonly [string, string]> = {
      ab: [`ab: illegal option -- ${letter}`, 'ab: wrong number of arguments'], which: [`Illegal option -${letter}`, 'Illegal option --'], killall: ['Usage: killall [OPTION]... [--] NAME...', 'Usage: killall [OPTION]... [--] NAME...'],
      less: [`There is no -${letter} option ("less --help" for help)`, 'There is no no-such-option option ("less --help" for help)'], clear: [`clear: invalid option -- '${letter}'`, "clear: invalid option -- '-'"],
      lsattr: [`lsattr: invalid option -- '${letter}'`, "lsattr: invalid option -- '-'"],
    };
    const speaks = /^[ef]grep$/.test(name) ? 'grep' : /^(?:gunzip|zcat)$/.test(name) ? 'gzip' : name;
    expect(r.err.split('\n')[0]).toBe(own[name]?.[0] ?? `${speaks}: invalid option -- '${letter}'`);
    // procps' sysctl and top, and less, print their words and call that a success.
    if (/^(?:sysctl|top|less)$/.test(name)) expect(r.status).toBe(0);
    else expect(r.status).toBeGreaterThan(0);
    const long = rig.run(c, ['--no-such-option']);
    expect(long.err.split('\n')[0]).toBe(own[name]?.[1] ?? `${speaks}: unrecognized option '--no-such-option'`);
    expect(long.status).toBe(r.status);
  });
});

describe('an option that is not modelled', () => {
  const rig = new Rig();
  const rows = commands.filter((c) => !ownGrammar(c)).flatMap((c) => Object.entries(c.options).filter(([, s]) => s.modelled === false).map(([key, s]) => [`${c.name} ${key}`, c, key, s.kind] as const));
  test('there are some', () => expect(rows.length).toBeGreaterThan(50));
  test.each(rows)('%s', (_label, c, key, kind) => {
    const words = kind === 'value' ? [key, '1'] : [key];
    expect(rig.run(c, words)).toEqual({ out: '', err: notModelledText(c.name, `option ${key}`), status: 64 });
  });
});

describe('--help made of the options', () => {
  const rig = new Rig();
  // GNU sed and the scripts of iptables have options their own help leaves out.
  const SILENT: Record<string, readonly string[]> = { sed: ['-b', '--binary'], 'iptables-restore': ['-w', '--wait'], 'iptables-save': ['-c', '--counters', '-t', '--table', '-V', '--version', '-M', '--modprobe'] };
  const answers = commands.filter((c) => c.usesGetopt && c.path !== '').map((c) => [c, rig.run(c, ['--help'])] as const).filter(([, r]) => r.status === 0 && r.out.startsWith('Usage'));
  test('most commands have one', () => expect(answers.length).toBeGreaterThan(90));
  test.each(answers.map(([c, r]) => [c.name, c, r.out] as const))('%s', (name, c, text) => {
    const modelled = Object.entries(c.options).filter(([, s]) => s.modelled !== false).map(([key]) => key);
    expect(modelled.filter((key) => !text.includes(key) && SILENT[name]?.includes(key) !== true)).toEqual([]);
  });
  test('systemctl, yum, tar: whole first lines', () => {
    const first = (name: string): string => rig.run(commands.find((c) => c.name === name)!, ['--help']).out.split('\n')[0]!;
    expect(['systemctl', 'yum', 'tar'].map(first)).toEqual(['Usage: systemctl [OPTIONS...] {COMMAND} ...', 'Usage: yum [options] COMMAND', 'Usage: tar [OPTION...] [FILE]...']);
  });
});
