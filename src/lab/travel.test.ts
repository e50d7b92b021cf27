// Going back in a lab: any instant again, redo, branches, and what a rewound lab leaves alone.
import { expect, test } from 'vitest';
import { hash32 } from '../lib/rng';
import { effective, isProblem, parseJournal } from './journal';
import { Lab } from './lab';
import type { Topology } from './topology';

const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan', subnet: '192.168.4.0/24' }],
  hosts: [
    { name: 'client50', role: 'client', interfaces: { eth0: { segment: 'lan', address: '192.168.4.50/24' } } },
    { name: 'web52', role: 'real-server', interfaces: { eth0: { segment: 'lan', address: '192.168.4.52/24' } }, services: [{ type: 'http', port: 80, body: '', pages: { 'test.html': 'web52\n' } }] },
  ],
};
const make = (): Lab => Lab.create(topology, { seed: 7 });
const enter = (lab: Lab, host: string, line: string): void => {
  for (const key of line) {
    lab.type(host, 0, key);
    lab.advance(10_000);
  }
  lab.type(host, 0, '\r');
  for (let i = 0; i < 300 && (i === 0 || lab.terminalBusy(host, 0)); i++) lab.advance(20_000);
};
const screen = (lab: Lab, host: string): string => lab.terminalOutput(host, 0, 0).bytes;
/** All there is to see, as a short text. */
const state = (lab: Lab): string => `${lab.now()} ${hash32(seen(lab))}`;
const seen = (lab: Lab): string => JSON.stringify([lab.now(), lab.hostNames().map((h) => [lab.hostView(h), screen(lab, h).replace('\x1bc', '')]), lab.ledger()]);

/** A lab with some history, and what it was like at some instants. */
function lived(): { lab: Lab; was: [number, string][] } {
  const lab = make();
  const was: [number, string][] = [];
  const note = (): void => {
    was.push([lab.now(), state(lab)]);
    lab.advance(1); // what is done at an instant belongs to it
  };
  note();
  enter(lab, 'client50', 'echo one > /tmp/a');
  note();
  enter(lab, 'client50', 'curl -s http://192.168.4.52/test.html');
  note();
  lab.type('client50', 0, 'ping -c 3 192.168.4.52\r');
  lab.advance(1_234_567); // in the middle of a running program
  note();
  lab.type('web52', 0, 'half a li');
  lab.advance(3_000_000);
  note();
  lab.act({ do: 'unplug', host: 'web52', iface: 'eth0' });
  enter(lab, 'client50', 'ping -c 1 -W 1 192.168.4.52');
  note();
  return { lab, was };
}

test('a rewound lab is the lab as it was then, and the lab itself does not move', () => {
  const { lab, was } = lived();
  const now = state(lab);
  let near: Lab | null = null;
  for (const [at, then] of [...was, ...was.toReversed()]) {
    near = lab.rewound(at, { near });
    expect(near.differences).toEqual([]);
    expect(state(near)).toBe(then);
  }
  expect(state(lab)).toBe(now);
});

test('stepping frame by frame forward and back gives the same state both ways', () => {
  const { lab } = lived();
  const frames = lab.trace().frames(1).map((f) => f.at);
  expect(frames.length).toBeGreaterThan(15);
  let near: Lab | null = null;
  const forward = frames.map((at) => state((near = lab.rewound(at, { near }))));
  const back = frames.toReversed().map((at) => state((near = lab.rewound(at, { near })))).reverse();
  expect(back).toEqual(forward);
});

test('a branch goes on from its instant; the old lab and its journal are whole', () => {
  const { lab, was } = lived();
  const saved = lab.snapshot();
  const [at, then] = was[2]!;
  const other = lab.branch(lab.rewound(at));
  expect(state(other)).toBe(then);
  expect(other.trace().frames(1).at(-1)!.at).toBeLessThanOrEqual(at);
  expect(other.commands().map((c) => c.text)).toEqual(['echo one > /tmp/a', 'curl -s http://192.168.4.52/test.html']);
  enter(other, 'web52', 'echo two > /tmp/b');
  expect(other.readFile('web52', '/tmp/b')).toBe('two\n');
  expect([other.undo(), other.undo()]).toEqual([{ text: 'echo two > /tmp/b', host: 'web52' }, { text: 'curl -s http://192.168.4.52/test.html', host: 'client50' }]);
  expect(lab.snapshot()).toBe(saved);
  const journal = parseJournal(other.snapshot());
  if (isProblem(journal)) throw new Error(journal.key);
  expect(state(Lab.restore(topology, journal))).toBe(state(other));
});

test('redo brings back what undo took, as long as nothing was done since', () => {
  const lab = make();
  for (const n of [1, 2, 3]) enter(lab, 'client50', `echo ${n} >> /tmp/a`);
  const file = (): string | null => lab.readFile('client50', '/tmp/a');
  const all = screen(lab, 'client50');
  expect(lab.nextRedo()).toBe(null);
  lab.undo();
  lab.undo();
  expect([file(), lab.nextUndo()?.text, lab.nextRedo()?.text]).toEqual(['1\n', 'echo 1 >> /tmp/a', 'echo 2 >> /tmp/a']);
  expect(lab.redo()).toEqual({ text: 'echo 2 >> /tmp/a', host: 'client50' });
  expect(file()).toBe('1\n2\n');
  lab.redo();
  expect([file(), screen(lab, 'client50').replace('\x1bc', ''), lab.redo()]).toEqual(['1\n2\n3\n', all, null]);
  lab.undo();
  enter(lab, 'client50', 'echo 4 >> /tmp/a');
  expect([file(), lab.nextRedo()]).toEqual(['1\n2\n4\n', null]);
  const journal = parseJournal(lab.snapshot());
  if (isProblem(journal)) throw new Error(journal.key);
  expect(state(Lab.restore(topology, journal))).toBe(state(lab));
});

test('a reset is undone and redone, and undone again', () => {
  const lab = make();
  enter(lab, 'client50', 'echo one > /tmp/a');
  lab.act({ do: 'reset' });
  expect([lab.readFile('client50', '/tmp/a'), lab.undo()?.text, lab.readFile('client50', '/tmp/a')]).toEqual([null, 'reset', 'one\n']);
  expect([lab.redo()?.text, lab.readFile('client50', '/tmp/a')]).toEqual(['reset', null]);
  expect([lab.undo()?.text, lab.readFile('client50', '/tmp/a'), effective(lab.journal).length > 0]).toEqual(['reset', 'one\n', true]);
});

test('a recalled line is known by its words', () => {
  const lab = make();
  enter(lab, 'client50', 'echo one > /tmp/a');
  enter(lab, 'client50', '\x1b[A');
  expect(lab.commands().map((c) => c.text)).toEqual(['echo one > /tmp/a', 'echo one > /tmp/a']);
  expect(lab.undo()?.text).toBe('echo one > /tmp/a');
});
