// Which cluster a check is about, in a lesson with several.
import { expect, test } from 'vitest';
import { lessonCluster } from './check';
import { checkSchema } from './checks/index';
import type { Lesson } from './schema';

const check = (c: object) => checkSchema.parse(c);
const service = (vip: string, method: string) => check({ ipvs: { on: 'lvs51', service: `tcp ${vip}`, servers: [`web52 ${method}`] } });
const lesson = {
  steps: [
    { id: 'a', points: 1, needs: [], checks: [service('192.168.2.51:80', 'masq')] },
    { id: 'b', points: 1, needs: [], checks: [check({ survives: { reboot: ['lvs51'], then: [{ ipvs: { on: 'lvs51', service: 'tcp 192.168.2.51:8080', servers: ['web52 masq'] } }] } })] },
    { id: 'c', points: 1, needs: [], checks: [service('192.168.4.253:80', 'route')] },
  ],
} as unknown as Lesson;
const topology = { image: 'el' as const, segments: [], hosts: [{ name: 'client50', interfaces: {}, role: 'client' as const }] };

test.each([
  [{ http: { from: 'client50', url: 'http://192.168.2.51/test.html' } }, '192.168.2.51:80 masq'],
  [{ http: { from: 'client50', url: 'http://192.168.2.51:8080/' } }, '192.168.2.51:8080 masq'],
  [{ http: { from: 'client50', url: 'http://192.168.4.253/' } }, '192.168.4.253:80 route'],
  [{ arp: { ask: 'client50', target: '192.168.4.253', answered_by: ['lvs51'] } }, '192.168.4.253:80 route'],
  [{ survives: { reboot: ['lvs51'], then: [{ http: { from: 'client50', url: 'http://192.168.4.253/' } }] } }, '192.168.4.253:80 route'],
  [{ ping: { from: 'client50', to: '192.168.4.52' } }, '192.168.2.51:80 masq'],
])('%j', (spec, want) => {
  const c = lessonCluster(lesson, topology, check(spec))!;
  expect(`${c.vip}:${c.port} ${c.mode}`).toBe(want);
});
