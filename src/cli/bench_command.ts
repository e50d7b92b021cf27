// `lvslab bench`: finds the limit program and runs the benchmark.
import { bench } from './bench';

export function runBench(program?: string): void {
  bench(program ?? '../shared/bench/soa.mjs');
}
