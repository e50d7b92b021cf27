// A demonstration in words: parsed with its lines, and played on a fork.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { playDemo } from './demo';
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
\`\`\`
`;

test('a demo block', () => {
  const { words, problems } = parseWords(markdown);
  const block = words.steps['one']!.blocks[0]!;
  if (block.kind !== 'demo') throw new Error(block.kind);
  expect([block.demo.id, block.demo.title]).toEqual(['arp-race', { zh: '一问三答', en: 'one question, three answers' }]);
  expect(problems.map((p) => `${p.line} ${p.key}`)).toEqual(['13 demo.moment', '14 labfile.notUnderstood']);
  const yaml = readFileSync(join(import.meta.dirname, '../../lessons/dr-cluster/lesson.yaml'), 'utf8');
  const lab = startLesson(substitute(lessonSchema.parse(parse(yaml)), { vip: '192.168.4.253' }) as never, 1, { terminals: false });
  const before = [lab.now(), lab.relevant(), lab.trace().frameCount()];
  const stage = lab.fork();
  const seen = [...playDemo(stage, block.demo)].map((e) =>
    e.kind === 'acted' ? `acted ${e.line} ${e.played.status} ${e.frames.length > 0}` : e.kind === 'paused' ? `paused ${e.at} ${e.frame === 0 ? '' : stage.trace().frame(e.frame)!.info} ${e.ask.en} ${e.missed}` : e.kind === 'camera' ? `camera ${e.hosts.join()}` : e.kind,
  );
  expect(seen).toEqual(['camera client50,web52', 'acted 8 0 true', expect.stringMatching(/^paused arp-reply 192\.168\.4\.52 is at .* Who\? false$/), 'paused rst   true', 'acted 11 0 false', 'paused end   false']);
  expect(stage.links().find((l) => l.host === 'web52')!.plugged).toBe(false);
  expect([lab.now(), lab.relevant(), lab.trace().frameCount()]).toEqual(before);
});
