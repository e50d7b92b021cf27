// A demonstration in words: parsed with its lines, and played on a fork.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Lab } from '../lab/lab';
import { parseDemo } from './demo';
import { DemoPlay, playDemo } from './demo_play';
import { lessonSchema } from './schema';
import { startLesson } from './topology_of';
import { substitute } from './variables';
import { parseWords } from './words';

const markdown = `# T

## one One

\`\`\`demo
# arp-race: 一问三答 / one question, three answers
camera client50 web52
client50# ping -c 1 192.168.4.52
pause arp-reply   ask: 谁？ / Who?
pause rst
unplug web52 eth0
pause end
pause nonsense
fly away
show arp client50
show rows web52
show bytes
show glitter
choose a | *b
\`\`\`
`;

const drLab = (): Lab => {
  const yaml = readFileSync(join(import.meta.dirname, '../../lessons/dr-cluster/lesson.yaml'), 'utf8');
  return startLesson(substitute(lessonSchema.parse(parse(yaml)), { vip: '192.168.4.253' }) as never, 1, { terminals: false });
};

test('a demo block', () => {
  const { words, problems } = parseWords(markdown);
  const block = words.steps['one']!.blocks[0]!;
  if (block.kind !== 'demo') throw new Error(block.kind);
  expect([block.demo.id, block.demo.title]).toEqual(['arp-race', { zh: '一问三答', en: 'one question, three answers' }]);
  expect(problems.map((p) => `${p.line} ${p.key}`)).toEqual(['13 demo.moment', '14 labfile.notUnderstood', '16 demo.viewNoHost', '18 demo.view', '19 demo.choose']);
  const lab = drLab();
  const before = [lab.now(), lab.relevant(), lab.trace().frameCount()];
  const stage = lab.fork();
  const seen = [...playDemo(stage, block.demo)].map((e) =>
    e.kind === 'acted' ? `acted ${e.line} ${e.status}` : e.kind === 'paused' ? `paused ${e.at} ${e.frame === 0 ? '' : stage.trace().frame(e.frame)!.info} ${e.ask.en} ${e.missed}` : e.kind === 'camera' ? `camera ${e.hosts.join()}` : e.kind === 'show' ? `show ${e.view} ${e.host}` : e.kind,
  );
  expect(seen).toEqual([
    'camera client50,web52', 'acting', expect.stringMatching(/^paused arp-reply 192\.168\.4\.52 is at .* Who\? false$/), 'paused rst   true', 'acted 8 0', 'acting', 'acted 11 0', 'paused end   false', 'show arp client50', 'show bytes ',
  ]);
  expect(stage.links().find((l) => l.host === 'web52')!.plugged).toBe(false);
  expect([lab.now(), lab.relevant(), lab.trace().frameCount()]).toEqual(before);
});

test('at a pause the answer has not come yet; time stands where it was told to stand', () => {
  const demo = parseDemo(['# one: one', 'show arp client50', 'client50# ping -c 1 192.168.4.52', 'pause arp-reply ask: 收到后呢？ / And then?', 'choose 变 / changes | *不变 / stays', 'client50# sleep 5']);
  expect(demo.problems).toEqual([]);
  const stage = drLab().fork();
  const play = new DemoPlay(stage, demo);
  const row = (): string[] => stage.hostView('client50').arp.filter((a) => a.ip === '192.168.4.52').map((a) => a.state);
  expect([play.next().kind, play.next().kind, play.busy()]).toEqual(['show', 'acting', true]);
  expect(play.run(stage.now() + 1e9)).toBe(true);
  expect([row(), play.next()]).toMatchObject([['INCOMPLETE'], { kind: 'paused', missed: false, choices: [{ zh: '变', en: 'changes', right: false }, { zh: '不变', en: 'stays', right: true }] }]);
  const at = stage.now();
  expect([play.run(at + 20), stage.now()]).toEqual([false, at + 20]);
  play.run(at + 1e9);
  expect([row(), play.next()]).toMatchObject([['REACHABLE'], { kind: 'acted', status: 0 }]);
  expect(play.next().kind).toBe('acting');
  const began = stage.now();
  play.run(began + 1e9);
  expect([Math.round((stage.now() - began) / 1e5), play.next().kind, play.next().kind]).toEqual([51, 'acted', 'ended']);
});
