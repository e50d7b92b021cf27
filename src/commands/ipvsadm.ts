// ipvsadm: administers the kernel's virtual servers. Linux counterpart: ipvsadm 1.31, ipvsadm(8). The parts are in ipvsadm/.
// The module is loaded before anything is read, so even `ipvsadm -h` brings /proc/net/ip_vs into being.
import type { Op, Process } from '../host/process';
import { err, LineReader, out, readFile } from '../host/syscall';
import { ipVsLoad } from '../kernel/ipvs/ip_vs_ctl';
import { type Errno, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { command, notModelled } from './command';
import { addDest, addService, delDest, delService, flush, setTimeouts, startDaemon, stopDaemon, updateDest, updateService, zeroService } from './ipvsadm/libipvs';
import { Refused } from './ipvsadm/judge';
import { type Format, listAll, listConnections, listDaemons, listService, listTimeouts } from './ipvsadm/list';
import { optionSpecs } from './ipvsadm/options';
import { BadOption, type Entry, parse } from './ipvsadm/parse';
import { restoreWords } from './ipvsadm/restore';
import { saveAll } from './ipvsadm/save';
import { type IpvsCall, ipvsStrerror } from './ipvsadm/strerror';
import { USAGE, VERSION } from './ipvsadm/usage';

/** A kernel's refusal; exit status 255 (-1), or 1 from a listing. */
class KernelError extends Error {
  constructor(readonly call: IpvsCall, readonly errno: Errno, readonly status = 255) {
    super(errno);
  }
}

const done = (call: IpvsCall, e: Errno | null): void => {
  if (e !== null) throw new KernelError(call, e);
};

function* list(p: Process, e: Entry): Op<void> {
  const { kernel: k } = p.host;
  const has = (name: Parameters<typeof e.options.has>[0]): boolean => e.options.has(name);
  const f: Format = { numeric: has('numeric'), exact: has('exact'), nosort: has('nosort'), columns: (['stats', 'rate', 'thresholds', 'persistent-conn', 'tun-info'] as const).find(has) ?? 'plain' };
  if (has('connection')) yield* out(p, listConnections(p, procConnections(p), f.numeric, has('persistent-conn')));
  else if (has('service-address')) {
    const text = listService(p, k, e.service, f);
    if (typeof text !== 'string') throw new KernelError('get_service', text.errno, 1);
    yield* out(p, text);
  } else if (has('timeout')) yield* out(p, listTimeouts(k));
  else if (has('daemon')) yield* out(p, listDaemons(k));
  else yield* out(p, listAll(p, k, f));
}

function procConnections(p: Process): Bytes {
  try {
    return readFile(p, '/proc/net/ip_vs_conn');
  } catch (e) {
    if (e instanceof SysError) throw new Refused(`cannot open file /proc/net/ip_vs_conn`, 1);
    throw e;
  }
}

/** Does what one parsed command line asks. Gives an exit status. */
function* act(p: Process, e: Entry): Op<number> {
  const { kernel: k } = p.host;
  switch (e.command) {
    case 'help':
      yield* out(p, VERSION + USAGE);
      return 0;
    case 'version':
      yield* out(p, VERSION);
      return 0;
    case 'list':
      yield* list(p, e);
      return 0;
    case 'save':
      yield* out(p, saveAll(p, k, e.options.has('numeric')));
      return 0;
    case 'restore':
      return yield* restore(p);
    case 'add-service':
      done('add_service', addService(k, e));
      return 0;
    case 'edit-service':
      done('update_service', updateService(k, e));
      return 0;
    case 'delete-service':
      done('del_service', delService(k, e));
      return 0;
    case 'flush':
      done('flush', flush(k));
      return 0;
    case 'zero':
      done('zero_service', zeroService(k, e.options.has('service-address') ? e.service : null));
      return 0;
    case 'add-server':
      done('add_dest', addDest(k, e));
      return 0;
    case 'edit-server':
      done('update_dest', updateDest(k, e));
      return 0;
    case 'delete-server':
      done('del_dest', delDest(k, e));
      return 0;
    case 'set':
      done('set_timeout', setTimeouts(k, e));
      return 0;
    case 'start-daemon':
      if (e.daemon.group?.af === 6) return yield* notModelled(p, 'ipvsadm', 'an IPv6 --mcast-group');
      done('start_daemon', startDaemon(k, e.daemon));
      return 0;
    case 'stop-daemon':
      done('stop_daemon', stopDaemon(k, e.daemon.state));
      return 0;
  }
}

/** Ends the program from wherever it is, as exit(3) does. */
class Exit extends Error {
  constructor(readonly status: number) {
    super('exit');
  }
}

/** One command line: said errors and a status to go on with, or Exit. */
function* processLine(p: Process, argv: readonly Bytes[], restoring: boolean): Op<number> {
  try {
    const e = parse(p, argv, restoring);
    const status = yield* act(p, e);
    if (e.command === 'help' || e.command === 'version') throw new Exit(status);
    return status;
  } catch (e) {
    if (e instanceof Refused) {
      yield* err(p, `${e.text}\n`);
      throw new Exit(e.status);
    }
    if (e instanceof BadOption) {
      yield* err(p, `${e.text}\n`);
      return 255;
    }
    if (e instanceof KernelError) {
      yield* err(p, `${ipvsStrerror(e.call, e.errno)}\n`);
      if (e.status === 1) throw new Exit(1);
      return e.status;
    }
    throw e;
  }
}

function* restore(p: Process): Op<number> {
  const lines = new LineReader(p, 0);
  let status = 0;
  for (;;) {
    const line = yield* lines.next();
    if (line === null) return status;
    const words = restoreWords(line, p.argv[0] ?? 'ipvsadm');
    if (words !== null) status = yield* processLine(p, words, true);
  }
}

/** The same with the lines at hand, for ipvsadm-restore. */
export function* restoreText(p: Process, text: Bytes): Op<number> {
  let status = 0;
  try {
    for (const line of text.split('\n')) {
      const words = restoreWords(line, 'ipvsadm');
      if (words !== null) status = yield* processLine(p, words, true);
    }
  } catch (e) {
    if (e instanceof Exit) return e.status;
    throw e;
  }
  return status;
}

/** Runs ipvsadm with these words in process `p`; what ipvsadm-save and ipvsadm-restore call too. */
export function* runIpvsadm(p: Process, argv: readonly Bytes[]): Op<number> {
  if (p.uid !== 0) {
    yield* err(p, `Can't initialize ipvs: ${ipvsStrerror('init', 'EPERM')}\nAre you sure that IP Virtual Server is built in the kernel or as module?\n`);
    return 2;
  }
  const k = p.host.kernel;
  ipVsLoad(k);
  try {
    if (argv.length === 0) {
      yield* out(p, listAll(p, k, { numeric: false, exact: false, nosort: false, columns: 'plain' }));
      return 0;
    }
    return yield* processLine(p, argv, false);
  } catch (e) {
    if (e instanceof Exit) return e.status;
    throw e;
  }
}

export const ipvsadm = command({
  name: 'ipvsadm',
  summary: 'Linux Virtual Server administration',
  path: '/sbin/ipvsadm',
  package: 'ipvsadm',
  options: optionSpecs(),
  getopt: null,
  run: (p, _opts, args) => runIpvsadm(p, args),
});
