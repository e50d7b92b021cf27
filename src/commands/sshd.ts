// sshd(8): OpenSSH's daemon, 7.4. Started it becomes the daemon of host/daemons/sshd.ts; with -R it serves the connection on descriptor 0.
import { DEFAULT_SSHD_CONFIG, discardSshd, type SshDaemon, sshBind, sshLaunch } from '../host/daemons/sshd';
import { addDaemon } from '../host/daemons/daemon';
import { readSshdConfig } from '../host/daemons/sshd_config';
import type { Run } from '../host/process';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command, notModelled } from './command';
import { makeHostKeys } from './ssh/key';
import { serveConnection } from './ssh/server';

const USAGE = 'OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\nusage: sshd [-46DdeiqTt] [-C connection_spec] [-c host_cert_file]\n            [-E log_file] [-f config_file] [-g login_grace_time]\n            [-h host_key_file] [-o option] [-p port] [-u len]\n';

export const sshd = command({
  name: 'sshd',
  summary: 'OpenSSH daemon',
  path: '/usr/sbin/sshd',
  package: 'openssh-server',
  options: {
    '-D': { kind: 'flag', says: 'do not become a daemon (systemd starts it so)' },
    '-t': { kind: 'flag', says: 'test the configuration and the keys' },
    '-T': { kind: 'flag', says: 'print the configuration' },
    '-f': { kind: 'value', says: 'configuration file', arg: 'FILE' },
    '-p': { kind: 'value', says: 'port', arg: 'PORT' },
    '-q': { kind: 'flag', says: 'log nothing', modelled: false },
    '-d': { kind: 'flag', says: 'debug', modelled: false },
    '-o': { kind: 'value', says: 'an option', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    let path: Bytes = DEFAULT_SSHD_CONFIG;
    let [test, again, dump] = [false, false, false];
    const ports: number[] = [];
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!;
      for (let j = 1; j < word.length || j === 1; j++) {
        const c = word[0] === '-' ? word[j] : undefined;
        if (c === 'D') continue;
        if (c === 't') test = true;
        else if (c === 'T') dump = true;
        else if (c === 'R') again = true;
        else if (c === 'f' || c === 'p') {
          const value = word.slice(j + 1) || args[++i];
          if (value === undefined) {
            yield* err(p, `option requires an argument -- ${c}\r\n${USAGE}`);
            return 1;
          }
          if (c === 'f') path = value;
          else if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > 65535) {
            yield* err(p, 'Bad port number.\n');
            return 1;
          } else ports.push(Number(value));
          break;
        } else if (c !== undefined && '46deiqoCEcghku'.includes(c)) return yield* notModelled(p, 'sshd', `option -${c}`);
        else {
          yield* err(p, c === undefined ? `Extra argument ${word}.\n` : `unknown option -- ${c}\r\n${USAGE}`);
          return 1;
        }
      }
    }
    if (again) return yield* serveConnection(p, path);
    const config = readSshdConfig(p.host, path);
    if ('error' in config) {
      yield* err(p, config.error);
      return config.status;
    }
    if (dump) {
      yield* out(p, `port ${(ports.length > 0 ? ports : config.ports).join('\nport ')}\npermitrootlogin ${config.permitRoot}\npubkeyauthentication ${config.pubkey ? 'yes' : 'no'}\npasswordauthentication ${config.password ? 'yes' : 'no'}\nstrictmodes ${config.strictModes ? 'yes' : 'no'}\n`);
      return 0;
    }
    if (p.uid !== 0) {
      yield* err(p, 'Could not load host key: /etc/ssh/ssh_host_rsa_key\r\nCould not load host key: /etc/ssh/ssh_host_ecdsa_key\r\nCould not load host key: /etc/ssh/ssh_host_ed25519_key\r\nsshd: no hostkeys available -- exiting.\r\n');
      return 1;
    }
    if (test) return 0;
    if (!(p.argv[0] ?? '').startsWith('/')) {
      yield* err(p, 'sshd re-exec requires execution with an absolute path\n');
      return 255;
    }
    makeHostKeys(p);
    const d: SshDaemon = { kind: 'sshd', id: 0, master: 0, listeners: [], configPath: path, ports, config };
    addDaemon(p.host, d);
    const said: Bytes[] = [];
    if (!sshBind(p.host, d, (text) => said.push(`${text.replace(/^error: /, '')}\r\n`))) {
      discardSshd(p.host, d);
      yield* err(p, `${said.join('')}Cannot bind any address.\r\n`);
      return 255;
    }
    yield* err(p, said.join(''));
    sshLaunch(p.host, d, ['/usr/sbin/sshd', ...args]);
    return 0;
  },
});
