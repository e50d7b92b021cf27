// What a search finds: by either language, by a term's other names, by several words in any order.
import { expect, test } from 'vitest';
import type { Card } from '../../lesson/course_index';
import { findCommands, findLessons, findTerms, rankLessons } from './search';

const card = (id: string, zh: string, en: string): Card => ({ id, kind: 'guided', track: 'core', minutes: 1, needs: [], points: 0, chapter: 'c', title: { zh, en }, lead: { zh: '', en: '' }, steps: [] });
const CARDS = [card('persistence', '会话保持', 'Persistence'), card('first-service', '第一个虚拟服务', 'The first virtual service'), card('dr-cluster', '搭建 DR 集群', 'Build a DR cluster')];

test.each([
  ['持久连接', ['persistence']], ['DR 搭建', ['dr-cluster']], ['service first', ['first-service']], ['群集', ['dr-cluster']], ['', ['persistence', 'first-service', 'dr-cluster']], ['没有', []],
])('lessons: %s', (text, want) => expect(findLessons(text, CARDS).map((c) => c.id)).toEqual(want));

test('a lesson that is called so comes before one that only says it', () => expect(rankLessons('first', [{ ...card('a', '甲', 'A'), lead: { zh: '', en: 'Read this first.' } }, card('b', '乙', 'First steps')]).map((c) => c.id)).toEqual(['b', 'a']));

test.each([['清零', ['-Z']], ['-t -E', ['-E -t VIP:PORT -s ALG', '-p [SECONDS]', '-M NETMASK']], ['nothing like it', []]])('commands: %s', (text, want) => expect(findCommands(text).map((e) => e.option)).toEqual(want));

test.each([['分发器', 'director'], ['节点服务器', 'real-server'], ['Virtual IP', 'vip']])('terms: %s', (text, want) => expect(findTerms(text)[0]?.id).toBe(want));
