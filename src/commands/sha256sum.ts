// sha256sum: SHA256 checksums. Counterpart: coreutils digest.c.
import { digestCommand } from './digest';
import { sha256 } from './hashes';

export const sha256sum = digestCommand('sha256sum', 'SHA256', 64, sha256);
