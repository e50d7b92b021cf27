// gunzip: uncompresses gzip files. Counterpart: gzip 1.12's gunzip script.
import { gzipNamed } from './gzip';

export const gunzip = gzipNamed('gunzip');
