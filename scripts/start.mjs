// npm start: installs what is missing, builds what changed, serves the app and prints its address.
import { spawn } from 'node:child_process';
import { bin, buildApp, freePort, install, root } from './fresh.mjs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`LVS Lab needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}
install();
if (!buildApp()) process.exit(1);

const port = await freePort(Number(process.env.PORT ?? 4173));
const server = spawn(bin('vite'), ['preview', '--host', '127.0.0.1', '--port', String(port), '--strictPort', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
console.log(`LVS Lab: http://127.0.0.1:${port}/   (Ctrl-C stops it)`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 0));
