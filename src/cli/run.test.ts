// `lvslab run` at a pipe or a terminal: hosts change, and the lab's vim hands its text to the reader's own editor.
import { expect, test } from 'vitest';
import type { Lab } from '../lab/lab';
import { sandbox } from '../lesson/sandbox';
import { instantiate } from '../lesson/instantiate';
import { startLesson } from '../lesson/topology_of';
import { editorCommand, editText } from './edit';
import { Console } from './run';

const start = (): { lab: Lab; lesson: ReturnType<typeof instantiate>['lesson'] } => {
  const { lesson } = instantiate(sandbox, 0);
  return { lab: startLesson(lesson, 0), lesson };
};

/** Types lines at a host and returns what the editor was given and what the screen said. */
function play(lines: string[], answers: Record<string, string>): { given: string[]; screen: string; lab: Lab; host: string } {
  const { lab, lesson } = start();
  const host = lab.hostNames()[0]!;
  const given: string[] = [];
  let screen = '';
  const c = new Console(lab, lesson, host, (x) => { screen += x; }, (path, text) => {
    given.push(`${path}: ${JSON.stringify(text)}`);
    return { text: answers[path] ?? text };
  });
  for (const l of lines) {
    c.type(`${l}\r`);
    for (let n = 0; n < 40; n++) { lab.advance(100_000); c.show(); }
  }
  return { given, screen, lab, host };
}

test('vim in the lab opens the reader\'s editor; its text is saved with the rights of the lab', () => {
  const r = play(["echo one > a; echo two > b; echo fixed > c; chattr +i c", 'vim a', 'vim a b', 'vi c', 'vi error.log', 'cat a b c'], { a: 'changed\n', c: 'mine\n', 'error.log': 'E37: cannot\n' });
  expect(r.given).toEqual(['a: "one\\n"', 'a: "changed\\n"', 'b: "two\\n"', 'c: "fixed\\n"', 'error.log: ""']);
  expect(r.lab.readFile(r.host, '/root/error.log')).toBe('E37: cannot\n');
  expect(r.screen).not.toContain('"error.log" ['); // what was saved needs no word
  expect(r.lab.readFile(r.host, '/root/a')).toBe('changed\n');
  expect(r.lab.readFile(r.host, '/root/c')).toBe('fixed\n');
  expect(r.screen).toContain("\r\nE45: 'readonly' option is set (add ! to override)\r\n");
});

test('ssh by a name that the host does not know goes to the console of that host, by a name it knows over the network', () => {
  const r = play(['ssh web52', 'hostname', 'exit', 'hostname', 'echo 192.168.4.52 web52 >> /etc/hosts', 'ssh web52', 'no', '@web52'], {});
  const words = r.screen.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').replace(/\r/g, '');
  expect(words.slice(0, words.indexOf('echo 192'))).toBe(`[root@client50 ~]# ssh web52[root@client50 ~]# 
[web52]
[root@web52 ~]# hostname
web52
[root@web52 ~]# exit[root@web52 ~]# 
[client50]

[root@client50 ~]# hostname
client50
[root@client50 ~]# `);
  expect(words).toContain("The authenticity of host 'web52 (192.168.4.52)' can't be established.");
  expect(words).toMatch(/Host key verification failed\.\n\[root@client50 ~\]# @web52[^\n]*\n\[web52\]\n+\[root@web52 ~\]# $/);
});

test('the editor is $VISUAL, else $EDITOR, else vi at a terminal; an editor that fails leaves nothing behind', () => {
  expect([editorCommand({ VISUAL: 'code -w', EDITOR: 'ed' }, true), editorCommand({ EDITOR: 'ed' }, false), editorCommand({}, true), editorCommand({}, false)]).toEqual(['code -w', 'ed', 'vi', null]);
  expect(editText('/etc/hosts', 'a\n', 'sed -i s/a/b/', false)).toEqual({ text: 'b\n' });
  expect(editText('/etc/hosts', 'a\n', 'exit 3; :', false)).toEqual({ problem: 'exit 3; :: exit status 3' });
});
