// A shell at a terminal: what stands on the screen after keys were typed.
import xterm from '@xterm/headless';
import { expect, test } from 'vitest';
import { ttyTyped } from '../host/tty_read';
import { utf8Encode } from '../lib/text';
import { openShell, shellInput } from './interactive';
import { rig } from './rig/rig';

/** Types pieces, a fifth of a second apart (a number waits so many seconds); the rows of an 80-column screen. */
async function screen(pieces: readonly (string | number)[]): Promise<string[]> {
  const { host, world } = rig();
  host.kernel.hostname = 'lvs51';
  const tty = host.newTty();
  const p = host.fork(null);
  for (const [path, text] of [['/root/.profile', 'PS1="[\\u@\\h \\W]\\\\$ "\n'], ['/etc/profile', '']] as const) {
    const f = host.vfs.open(p, path, { write: true, create: true, truncate: true }, 0o644);
    if (f.kind === 'inode') host.vfs.writeOpen(p, f, text);
  }
  host.procs.delete(p.pid);
  openShell(host, tty.index);
  const pass = (s: number): void => world.advance(world.clock.now + s * 1e6);
  pass(0.1);
  for (const piece of pieces) {
    if (typeof piece === 'number') pass(piece);
    else {
      const bytes = utf8Encode(piece);
      if (tty.foreground === 0) {
        tty.input += bytes;
        shellInput(host, tty.index);
      } else ttyTyped(host, tty, bytes);
      pass(0.2);
    }
  }
  const term = new xterm.Terminal({ cols: 80, rows: 60, allowProposedApi: true });
  await new Promise<void>((done) => term.write(Uint8Array.from(tty.since(0), (c) => c.charCodeAt(0)), done));
  const rows: string[] = [];
  for (let i = 0; i < 60; i++) rows.push(term.buffer.active.getLine(i)!.translateToString(true).trimEnd());
  while (rows.at(-1) === '') rows.pop();
  return rows;
}

const $ = '[root@lvs51 ~]#';

test.each<[string, (string | number)[], string[]]>([
  ['fc lists, and runs again what it shows', ['echo one\r', 'echo two\r', 'fc -l\r', 'fc -l -2\r', 'fc -s two=2\r', 'fc -s one=1 echo\r', 'fc -e - 1\r', 'fc -l zz\r', 'fc -lnr 1 2\r', 'history 3\r'], [
    `${$} echo one`, 'one', `${$} echo two`, 'two', `${$} fc -l`, '1\t echo one', '2\t echo two', `${$} fc -l -2`, '2\t echo two', '3\t fc -l', `${$} fc -s two=2`, 'fc -l -2', '3\t fc -l', '4\t fc -l -2',
    `${$} fc -s one=1 echo`, 'echo two', 'two', `${$} fc -e - 1`, 'echo one', 'one', `${$} fc -l zz`, '-bash: fc: no command found', `${$} fc -lnr 1 2`, '\t echo two', '\t echo one',
    `${$} history 3`, '    8  fc -l zz', '    9  fc -lnr 1 2', '   10  history 3', `${$} `,
  ].map((row) => row.replace(/^(\d*)\t/, (_, n: string) => n.padEnd(8)))],
  ['a command and its status', ['nosuch\r', 'echo $?\r'], [`${$} nosuch`, '-bash: nosuch: command not found', `${$} echo $?`, '127', `${$} `]],
  ['PS2 and one history entry', ['for i in 1 2; do\r', 'echo $i\r', 'done\r', '\x1b[A'], [`${$} for i in 1 2; do`, '> echo $i', '> done', '1', '2', `${$} for i in 1 2; do echo $i; done`]],
  ['^C at the prompt', ['abc\x03', 'echo $?\r'], [`${$} abc^C`, `${$} echo $?`, '130', `${$} `]],
  ['^C ends an endless loop', ['while true; do :; done\r', 1, '\x03'], [`${$} while true; do :; done`, '^C', `${$} `]],
  ['^C ends the rest of a list', ['sleep 60; echo no\r', '\x03'], [`${$} sleep 60; echo no`, '^C', `${$} `]],
  ['type-ahead is kept', ['sleep 1\recho a\rech', 'o b\r', 2], [`${$} sleep 1`, 'o b', `${$} echo a`, 'a', `${$} echo b`, 'b', `${$} `]],
  ['several pasted lines', ['echo a\recho b\r'], [`${$} echo a`, 'a', `${$} echo b`, 'b', `${$} `]],
  ['jobs', ['sleep 50\r', '\x1a', 'bg\r', 'sleep 90 &\r', 'jobs\r', 'kill %1\r', '\r'], [
    `${$} sleep 50`, '^Z', '[1]+  Stopped                 sleep 50', `${$} bg`, '[1]+ sleep 50 &', `${$} sleep 90 &`, '[2] 304', `${$} jobs`,
    '[1]-  Running                 sleep 50 &', '[2]+  Running                 sleep 90 &', `${$} kill %1`, `${$} `, '[1]-  Terminated              sleep 50', `${$} `]],
  ['a job that ends', ['sleep 1 &\r', 2, '\r'], [`${$} sleep 1 &`, '[1] 303', `${$} `, '[1]+  Done                    sleep 1', `${$} `]],
  ['wide characters and a wrapped line', [`echo 你好\x1b[D吗${'x'.repeat(70)}\x01\x05!\r`], [`${$} echo 你吗${'x'.repeat(55)}`, `${'x'.repeat(15)}好!`, `你吗${'x'.repeat(70)}好!`, `${$} `]],
  ['completion', ['cat /etc/hostn\t\r', 'ls /etc/ho\t\t'], [`${$} cat /etc/hostname`, 'localhost', `${$} ls /etc/host`, 'host.conf  hostname   hosts', `${$} ls /etc/host`]],
  ['completion of options', ['seq --equal\t'], [`${$} seq --equal-width`]],
  ['history references', ['echo one two\r', 'echo !$\r', '!foo\r'], [`${$} echo one two`, 'one two', `${$} echo !$`, 'echo two', 'two', `${$} !foo`, '-bash: !foo: event not found', `${$} `]],
  ['searching', ['echo first\r', 'echo second\r', '\x12fir\r'], [`${$} echo first`, 'first', `${$} echo second`, 'second', `${$} echo first`, 'first', `${$} `]],
  ['a syntax error', ['echo )\r'], [`${$} echo )`, "-bash: syntax error near unexpected token `)'", `${$} `]],
  ['a shell in the shell', ['bash\r', 'PS1="in> "\r', 'echo $SHLVL\r', '\x04', 'echo $SHLVL\r'], [`${$} bash`, 'root@lvs51:~# PS1="in> "', 'in> echo $SHLVL', '2', 'in> exit', `${$} echo $SHLVL`, '1', `${$} `]],
  ['logging out', ['x=1\r', '\x04', 'echo [$x]\r'], [`${$} x=1`, `${$} logout`, `${$} echo [$x]`, '[]', `${$} `]],
])('%s', async (_, pieces, rows) => {
  expect(await screen(pieces)).toEqual(rows.map((r) => r.trimEnd()));
});
