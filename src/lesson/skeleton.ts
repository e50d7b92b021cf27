// `lesson new`: a small lesson that runs and passes its own test, to be changed piece by piece.

/** Files of a new lesson by path. `id`: lower-case letters, digits and -. */
export function skeleton(id: string): Record<string, string> {
  const solution = (add: string): string => `lvs51# ipvsadm -A -t {{vip}}:80 -s rr\nlvs51# ipvsadm ${add} -t {{vip}}:80 -r 192.168.4.52:80 -m\n`;
  return {
    'lesson.yaml': `id: ${id}
kind: guided
title: { zh: 新的一课, en: A new lesson }
minutes: 10
track: optional
variables:
  vip: { address: { in: 192.168.4.0/24, from: 200, to: 250 }, example: 192.168.4.253 }
lab:
  segments: { lan: 192.168.4.0/24 }
  hosts:
    client50: { role: client, interfaces: { eth0: lan 192.168.4.50/24 } }
    lvs51: { role: director, interfaces: { eth0: lan 192.168.4.51/24 }, packages: [ipvsadm] }
    web52: { role: real-server, interfaces: { eth0: lan 192.168.4.52/24 }, services: { httpd: { /test.html: web52 } }, enabled: [httpd] }
steps:
  - id: service
    points: 10
    checks:
      - ipvs: { on: lvs51, service: 'tcp {{vip}}:80', scheduler: rr, servers: [ web52:80 masq ] }
`,
    'zh.md': `# 新的一课

在 lvs51 上建立第一个虚拟服务 **{{vip}}:80**，把请求交给 web52。

## service   建立虚拟服务

\`\`\`console host=lvs51
ipvsadm -A -t {{vip}}:80 -s rr
ipvsadm -a -t {{vip}}:80 -r 192.168.4.52:80 -m
ipvsadm -Ln
\`\`\`

> hint: 虚拟服务写的是客户端访问的地址，真实服务器写的是谁的地址？
> hint: 看 \`ipvsadm -Ln\` 的两行：地址、端口、rr、Masq。
> hint: \`ipvsadm -A -t {{vip}}:80 -s rr\`，再 \`ipvsadm -a -t {{vip}}:80 -r 192.168.4.52:80 -m\`。
`,
    'en.md': `# A new lesson

Create the first virtual service **{{vip}}:80** on lvs51 and give its requests to web52.

## service   Create the virtual service

\`\`\`console host=lvs51
ipvsadm -A -t {{vip}}:80 -s rr
ipvsadm -a -t {{vip}}:80 -r 192.168.4.52:80 -m
ipvsadm -Ln
\`\`\`

> hint: The service carries the address the client asks for. Whose address does the real server carry?
> hint: Look at the two lines of \`ipvsadm -Ln\`: address, port, rr, Masq.
> hint: \`ipvsadm -A -t {{vip}}:80 -s rr\`, then \`ipvsadm -a -t {{vip}}:80 -r 192.168.4.52:80 -m\`.
`,
    'solutions/short.lab': solution('-a'),
    'solutions/long.lab': 'lvs51# ipvsadm --add-service --tcp-service {{vip}}:80 --scheduler rr\nlvs51# ipvsadm --add-server --tcp-service {{vip}}:80 --real-server 192.168.4.52:80 --masquerading\n',
    'wrong/forgot-m.lab': `# fails: service  misconception: wrong-mode\nlvs51# ipvsadm -A -t {{vip}}:80 -s rr\nlvs51# ipvsadm -a -t {{vip}}:80 -r 192.168.4.52:80\n`,
    'wrong/no-server.lab': '# fails: service  misconception: rs-not-added\nlvs51# ipvsadm -A -t {{vip}}:80 -s rr\n',
    'wrong/other-address.lab': '# fails: service  misconception: service-address-wrong\nlvs51# ipvsadm -A -t 192.168.4.51:80 -s rr\nlvs51# ipvsadm -a -t 192.168.4.51:80 -r 192.168.4.52:80 -m\n',
    'detours/list.lab': `${solution('-a')}lvs51# ipvsadm -Ln --stats\n`,
    'detours/zero.lab': `${solution('-a')}lvs51# ipvsadm -Z\n`,
    'detours/delete-first.lab': `lvs51# ipvsadm -A -t {{vip}}:80 -s wlc\nlvs51# ipvsadm -D -t {{vip}}:80\n${solution('-a')}`,
  };
}

/** What a lesson of the course should have and this one lacks; advice, not an error. */
export function advice(l: { solutions: Record<string, string>; wrong: Record<string, string>; detours: Record<string, string>; words: { steps: Record<string, { hints: unknown[] }> }[] }, kind: string): string[] {
  const quiz = kind === 'quiz';
  const out: string[] = [];
  const count = (what: string, have: Record<string, string>, want: number): void => {
    const n = Object.keys(have).length;
    if (n < want) out.push(`${n} ${what}; a lesson of the course has at least ${want}`);
  };
  count('solutions', l.solutions, quiz ? 1 : 2);
  count('wrong answers', l.wrong, 3);
  count('detours', l.detours, quiz ? 0 : 3);
  for (const [id, s] of Object.entries(l.words[0]?.steps ?? {})) if (s.hints.length !== 3 && kind !== 'exam') out.push(`step ${id} has ${s.hints.length} hints; three are usual: a question, a place, the answer`);
  return out;
}
