// sha1sum: SHA1 checksums. Counterpart: coreutils digest.c.
import { digestCommand } from './digest';
import { sha1 } from './hashes';

export const sha1sum = digestCommand('sha1sum', 'SHA1', 40, sha1);
