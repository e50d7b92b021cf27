// npm start: installs what is missing, builds what changed, serves the app and prints its address.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { bin, buildApp, install, root } from './fresh.mjs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`LVS Lab needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}
install();
if (!buildApp()) process.exit(1);

/** The first free port from `port` on. */
function freePort(port) {
  return new Promise((resolve, reject) => {
    const s = createServer();
    s.once('error', (e) => (e.code === 'EADDRINUSE' && port < 65535 ? resolve(freePort(port + 1)) : reject(e)));
    s.listen(port, '127.0.0.1', () => s.close(() => resolve(port)));
  });
}

const port = await freePort(Number(process.env.PORT ?? 4173));
const server = spawn(bin('vite'), ['preview', '--host', '127.0.0.1', '--port', String(port), '--strictPort', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
console.log(`LVS Lab: http://127.0.0.1:${port}/   (Ctrl-C stops it)`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 0));
