// sum: BSD and System V checksums. Counterpart: coreutils sum.c.
import { SysError } from '../lib/errno';
import { ByteSource, closeInput, define, errnoText, openInput, put, quoteIfNeeded, say } from './io';
import { table } from './options';

export const sum = define({
  name: 'sum',
  summary: 'Print checksum and block counts for each FILE.',
  path: '/usr/bin/sum',
  package: 'coreutils',
  options: table('-r: use BSD sum algorithm (the default), use 1K blocks', '-s --sysv: use System V sum algorithm, use 512 bytes blocks'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    let status = 0;
    for (const name of args.length > 0 ? args : ['-']) {
      try {
        const fd = openInput(p, name);
        const data = yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
        let s = 0;
        if (opts.last('-r', '-s') === '-s') {
          for (let i = 0; i < data.length; i++) s = (s + data.charCodeAt(i)) >>> 0;
          const r = (s & 0xffff) + (s >>> 16);
          yield* put(p, `${(r & 0xffff) + (r >>> 16)} ${Math.ceil(data.length / 512)}${args.length > 0 ? ` ${name}` : ''}\n`);
        } else {
          for (let i = 0; i < data.length; i++) s = (((s >> 1) | ((s & 1) << 15)) + data.charCodeAt(i)) & 0xffff;
          yield* put(p, `${String(s).padStart(5, '0')} ${String(Math.ceil(data.length / 1024)).padStart(5)}${args.length > 0 ? ` ${name}` : ''}\n`);
        }
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        status = 1;
        yield* say(p, 'sum', `${quoteIfNeeded(name)}: ${errnoText(e)}`);
      }
    }
    return status;
  },
});
