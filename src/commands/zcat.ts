// zcat: uncompresses gzip files. Counterpart: gzip 1.12's zcat script.
import { gzipNamed } from './gzip';

export const zcat = gzipNamed('zcat');
