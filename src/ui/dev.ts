// DEV ONLY, deleted before the end.
import { Lab } from '../lab/lab';
import type { Topology } from '../lab/topology';
import type { OpenedLesson } from './lessons';
import { parseWords } from '../lesson/words';
const topology: Topology = { image: 'el', segments: [{ name: 'lan', subnet: '192.168.4.0/24' }], hosts: [
  { name: 'client50', role: 'client', interfaces: { eth0: { segment: 'lan', address: '192.168.4.50/24' } } },
  { name: 'lvs51', role: 'director', interfaces: { eth0: { segment: 'lan', address: '192.168.4.51/24' } }, packages: ['ipvsadm'] },
  ...['web52', 'web53'].map((n) => ({ name: n, role: 'real-server' as const, interfaces: { eth0: { segment: 'lan', address: `192.168.4.${n.slice(3)}/24` } }, services: [{ type: 'http' as const, port: 80, body: '', pages: { 'test.html': `${n}\n` } }] })) ] };
const md = { zh: `# 回包为什么不经过调度器？

NAT 模式里，进出流量都压在 lvs51 上。DR 模式不改 IP，**只把帧的目的 MAC 换成选中的服务器**。IP 地址原样保留，所以 web52 可以用 VIP 的身份直接回复客户端。

![](figure:envelope-dr)

## vip 在 lvs51 上绑定 VIP

在调度器上给 eth0 加一个别名：

\`\`\`console host=lvs51
ifconfig eth0:1 192.168.4.253/32
\`\`\`

> hint: 问问 lvs51：它有哪些地址？
> hint: 看 \`ifconfig\` 的第二段。
> hint: \`ifconfig eth0:1 192.168.4.253/32\`

## svc 创建虚拟服务，加入两台真实服务器

先建服务。

## traffic 访问 VIP，看一个包走完全程

在 client50 上执行两次：

\`\`\`console host=client50
curl http://192.168.4.253/test.html
\`\`\`
`, en: `# Why does the reply skip the director?

In NAT mode every byte crosses lvs51 twice. DR leaves the IP alone and changes **only the frame's MAC**. web52 can answer the client directly, as the VIP.

![](figure:envelope-dr)

## vip Bind the VIP on lvs51

Give eth0 an alias:

\`\`\`console host=lvs51
ifconfig eth0:1 192.168.4.253/32
\`\`\`

> hint: Which addresses has lvs51?
> hint: Look at the second part of ifconfig.
> hint: \`ifconfig eth0:1 192.168.4.253/32\`

## svc Create the service, add both real servers

First the service.

## traffic Request the VIP and follow one packet home

Run this twice on client50:

\`\`\`console host=client50
curl http://192.168.4.253/test.html
\`\`\`
` };
export function devLesson(): OpenedLesson {
  const w = (s: string) => { const x = parseWords(s); return { title: x.title, intro: x.intro, steps: Object.fromEntries(x.steps.map((y) => [y.id, y])) }; };
  const t0 = performance.now();
  return { lesson: null, topology, problems: [], shown: { id: 'dev-dr', kind: 'guided', minutes: 20, mode: 'dr', words: { zh: w(md.zh), en: w(md.en) }, steps: [{ id: 'vip', points: 10 }, { id: 'svc', points: 10 }, { id: 'traffic', points: 10 }] },
    start: () => { const l = Lab.create(topology, { seed: 1, lesson: 'dev-dr' }); console.log('boot ms', performance.now() - t0, l.complaints); (globalThis as Record<string, unknown>)['lab'] = l; return l; }, restore: (j) => Lab.restore(topology, j, { lesson: 'dev-dr' }) };
}
