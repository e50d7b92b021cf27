// Full-width characters in command lines: what is marked, what is text, and the line as it was meant.
import { expect, test } from 'vitest';
import { fullWidth, halved } from './fullwidth';

test.each([
  ['echo 1　＞　/proc/sys/net/ipv4/ip_forward', 'space redirect space', 'echo 1 > /proc/sys/net/ipv4/ip_forward'],
  ['ipvsadm －Ln', 'dash', 'ipvsadm -Ln'],
  ['ipvsadm -A -t 192.168.4.253：80 -s rr', 'colon', 'ipvsadm -A -t 192.168.4.253:80 -s rr'],
  ['echo “web52” > a', 'quote quote', 'echo "web52" > a'],
  ['cat a ｜ wc；ls', 'pipe separator', 'cat a | wc;ls'],
  ['ls ／etc', 'slash', 'ls /etc'],
  ['ping １９２', 'letter letter letter', 'ping 192'],
  ['ls —l', 'dash', 'ls -l'],
  ['echo 你好：世界 > a', '', 'echo 你好：世界 > a'],
  ['echo "a　b＞c" > d', '', 'echo "a　b＞c" > d'],
  ["echo 'a“b' “c", 'quote', "echo 'a“b' \"c"],
  ['ls # 看　这里', '', 'ls # 看　这里'],
  ['curl http://192.168.4.253/', '', 'curl http://192.168.4.253/'],
])('%s', (line, kinds, meant) => {
  const marks = fullWidth(line);
  expect([marks.map((m) => m.wide).join(' '), halved(line, marks)]).toEqual([kinds, meant]);
});
