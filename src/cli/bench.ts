// `npm run bench`: how fast the engine is, beside a limit program in the same run. Prints, never asserts.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { kept, livedLab } from '../lab/bench_travel';
import { coldSweep, NatBench } from '../lab/bench_work';

/** User CPU seconds that `work` took, and what it gave. */
function timed<T>(work: () => T): [number, T] {
  const start = process.cpuUsage();
  const result = work();
  return [process.cpuUsage(start).user / 1e6, result];
}

const rate = (n: number): string => (n >= 1e6 ? `${(n / 1e6).toFixed(2)}M` : `${(n / 1e3).toFixed(0)}k`);
const row = (name: string, ...cells: string[]): void => console.log(`${name.padEnd(46)}${cells.map((c) => c.padStart(14)).join('')}`);

/** Hops a second of the typed-array limit program, measured in a process of its own; null when it is not at hand. */
function limit(program: string, count: number, servers: number): number | null {
  if (!existsSync(program)) return null;
  const out = execFileSync(process.execPath, [program, String(count), String(servers), '16', 'heap'], { encoding: 'utf8' });
  return (JSON.parse(out) as { hops_per_s: number }).hops_per_s;
}

/** Both programs run in turn and the best of each counts: what else the machine does meanwhile makes either of them slower, never faster. The engine is warm from the second time on; the other is a new process each time, which weighs at 10,000 and hardly at 100,000. */
const TIMES = 4;

/** Runs everything; `program` is the limit program (bench/soa.mjs of the reference programs). */
export function bench(program: string): void {
  const path = resolve(program);
  row('NAT rr, 4 servers, trace and timers on', 'hops/s', 'us/connection', 'of the limit');
  const cold = new NatBench(4);
  const [first] = timed(() => cold.run(1000));
  for (const count of [10_000, 100_000]) {
    let best = 0;
    let top: number | null = null;
    for (let n = 0; n < TIMES; n++) {
      const b = new NatBench(4);
      const [seconds, hops] = timed(() => b.run(count));
      best = Math.max(best, hops / seconds);
      const l = limit(path, count, 4);
      if (l !== null) top = Math.max(top ?? 0, l);
    }
    row(`  ${count} connections, warm, best of ${TIMES}`, rate(best), (20e6 / best).toFixed(1), top === null ? 'not measured' : `${(best / top).toFixed(2)} x`);
  }
  row('  first 1,000 connections of a cold process', `${first.toFixed(3)} s CPU`);
  row('  IPVS table entry', `${NatBench.bytesPerEntry().toFixed(0)} bytes`);
  for (const scheduler of ['rr', 'wrr'] as const) {
    // Hosts made and ARP done first: what is compared is the connections alone.
    const [few, many] = [10, 1000].map((servers) => {
      const b = new NatBench(servers, true, scheduler);
      b.run(5_000);
      return timed(() => b.run(20_000))[0];
    }) as [number, number];
    row(`  ${scheduler}: 1,000 servers against 10`, `${(many / few).toFixed(2)} x`);
  }
  const [sweep, answers] = timed(() => coldSweep(1024));
  row('Cold sweep of 1,024 hosts', `${sweep.toFixed(2)} s CPU`, `${answers} answers`);
  for (const [hosts, connections] of [[6, 1000], [6, 100_000]] as const) {
    const b = new NatBench(hosts - 2);
    b.run(connections);
    b.fork(); // once to warm up
    const start = process.hrtime.bigint();
    for (let i = 0; i < 10; i++) b.fork();
    const ms = Number(process.hrtime.bigint() - start) / 1e7;
    row(`Fork of ${hosts} hosts with ${connections} connections`, `${ms.toFixed(1)} ms`);
  }
  travel(1000);
}

/** Going back in a lab with many commands: what a jump costs, and what is kept for it. */
function travel(commands: number): void {
  const lab = livedLab(commands);
  const deeds = lab.deeds();
  const ms = (work: () => unknown): number => {
    const [seconds] = timed(work);
    return seconds * 1000;
  };
  const shown = (times: number[]): string[] => {
    const sorted = times.toSorted((a, b) => a - b);
    return [`${sorted[sorted.length >> 1]!.toFixed(1)} ms`, `${sorted.at(-1)!.toFixed(1)} ms`];
  };
  row(`A lab of 4 hosts with ${deeds.length} commands`, 'middle', 'slowest (CPU)');
  row('  rewind to 100 instants, far apart', ...shown(Array.from({ length: 100 }, (_, n) => deeds[(n * 379) % deeds.length]!.at).map((at) => ms(() => lab.rewound(at)))));
  row('  undo, 100 times', ...shown(Array.from({ length: 100 }, () => ms(() => lab.undo()))));
  row('  redo, 100 times', ...shown(Array.from({ length: 100 }, () => ms(() => lab.redo()))));
  const memory = kept(lab);
  row('  kept to go back to', `${memory.count} copies`, `${(memory.bytes / 1e6).toFixed(1)} MB`);
}
