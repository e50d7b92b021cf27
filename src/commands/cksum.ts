// cksum: POSIX CRC and size. Counterpart: coreutils cksum.c.
import { SysError } from '../lib/errno';
import { posixCrc } from './hashes';
import { ByteSource, closeInput, define, errnoText, openInput, put, quoteIfNeeded, say } from './io';
import { table } from './options';

export const cksum = define({
  name: 'cksum',
  summary: 'Print CRC checksum and byte counts of each FILE.',
  path: '/usr/bin/cksum',
  package: 'coreutils',
  options: table('!-a --algorithm TYPE: select the digest type to use', '!-c --check: read checksums from the FILEs and check them', '!--tag: create a BSD-style checksum', '!--untagged: create a reversed style checksum'),
  getopt: { badExit: 1 },
  *run(p, _opts, args) {
    let status = 0;
    for (const name of args.length > 0 ? args : ['-']) {
      try {
        const fd = openInput(p, name);
        const data = yield* new ByteSource(p, fd).all();
        closeInput(p, fd);
        yield* put(p, `${posixCrc(data)} ${data.length}${args.length > 0 ? ` ${name}` : ''}\n`);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        status = 1;
        yield* say(p, 'cksum', `${quoteIfNeeded(name)}: ${errnoText(e)}`);
      }
    }
    return status;
  },
});
