// md5sum: MD5 checksums. Counterpart: coreutils digest.c.
import { digestCommand } from './digest';
import { md5 } from './hashes';

export const md5sum = digestCommand('md5sum', 'MD5', 32, md5);
