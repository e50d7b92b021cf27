// npm run lvslab: builds the command line when a source changed and runs it. Paths are relative to where npm was called.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildCli, install, root } from './fresh.mjs';

install();
if (!buildCli()) process.exit(1);
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import(pathToFileURL(join(root, 'dist-cli', 'main.js')).href);
