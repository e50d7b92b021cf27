// hostname: shows or sets the host's name. Counterpart: Debian's hostname 3.23 (net-tools' elsewhere).
import { gethostbyname, hostLines, resolveError } from '../host/resolve';
import type { Bytes } from '../lib/text';
import { err, out, readFile } from '../host/syscall';
import { SysError } from '../lib/errno';
import { ipText, isLoopback } from '../wire/ipv4';
import { command, notModelled, Options } from './command';
import { table } from './options';

const USAGE = `Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name

       {yp,nis,}domainname {nisdomain|-F file}  set NIS domain name (from file)
       {yp,nis,}domainname                      display NIS domain name

       dnsdomainname                            display dns domain name

       hostname -V|--version|-h|--help          print info and exit

Program name:
       {yp,nis,}domainname=hostname -y
       dnsdomainname=hostname -d

Program options:
    -a, --alias            alias names
    -A, --all-fqdns        all long host names (FQDNs)
    -b, --boot             set default hostname if none available
    -d, --domain           DNS domain name
    -f, --fqdn, --long     long host name (FQDN)
    -F, --file             read host name or NIS domain name from given file
    -i, --ip-address       addresses for the host name
    -I, --all-ip-addresses all addresses for the host
    -s, --short            short host name
    -y, --yp, --nis        NIS/YP domain name

Description:
   This command can get or set the host name or the NIS domain name. You can
   also get the DNS domain or the FQDN (fully qualified domain name).
   Unless you are using bind or NIS for host lookups you can change the
   FQDN (Fully Qualified Domain Name) and the DNS domain name (which is
   part of the FQDN) in the /etc/hosts file.
`;

export const hostname = command({
  name: 'hostname',
  summary: 'show or set the system\'s host name',
  path: '/usr/bin/hostname',
  package: 'hostname',
  options: table(
    '-a --alias: alias names', '-A --all-fqdns: all long host names (FQDNs)', '-b --boot: set default hostname if none available', '-d --domain: DNS domain name', '-f --fqdn --long: long host name (FQDN)', '-F --file FILE: read host name from given file',
    '-i --ip-address: addresses for the host name', '-I --all-ip-addresses: all addresses for the host', '-s --short: short host name', '!-y --yp --nis: NIS/YP domain name', '-V --version: print info and exit', '-h --help: print info and exit',
  ),
  // A wrong option makes it print its usage on standard output.
  getopt: null,
  *run(p, _none, argv) {
    const parsed = parseArgs(argv);
    if (parsed.bad !== null) {
      yield* err(p, `hostname: ${parsed.bad}\n`);
      yield* out(p, USAGE);
      return 255;
    }
    const { opts, args } = parsed;
    if (args.length > 1) {
      yield* err(p, USAGE);
      return 255;
    }
    if (opts.has('-y')) return yield* notModelled(p, 'hostname', 'option -y');
    const { kernel } = p.host;
    if (opts.has('-h')) {
      yield* out(p, USAGE);
      return 0;
    }
    if (opts.has('-V')) {
      yield* out(p, 'hostname 3.23\n');
      return 0;
    }
    let name: Bytes | null = args[0] ?? null;
    const file = opts.value('-F');
    if (file !== null) {
      try {
        name = readFile(p, file).split('\n').map((l) => l.trim()).find((l) => l !== '' && !l.startsWith('#')) ?? '';
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* err(p, `hostname: ${file}: ${e.message}\n`);
        return 1;
      }
    }
    if (name !== null) {
      if (p.uid !== 0) {
        yield* err(p, 'hostname: you must be root to change the host name\n');
        return 1;
      }
      const set = name.trim();
      if (set === '' || set.length > 64 || !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(set)) {
        yield* err(p, set.length > 64 ? 'hostname: name too long\n' : 'hostname: the specified hostname is invalid\n');
        return 1;
      }
      kernel.hostname = set;
      return 0;
    }
    const host = kernel.hostname;
    const which = opts.last('-a', '-A', '-d', '-f', '-i', '-I', '-s');
    const row = hostLines(p).find((h) => h.names.includes(host));
    const addresses = kernel.devs.filter((d) => d.up).flatMap((d) => d.addresses.map((a) => a.local)).filter((a) => !isLoopback(a));
    switch (which) {
      case null:
        yield* out(p, `${host}\n`);
        return 0;
      case '-s':
        yield* out(p, `${host.split('.')[0]}\n`);
        return 0;
      case '-I':
        yield* out(p, `${addresses.map((a) => `${ipText(a)} `).join('')}\n`);
        return 0;
      case '-A': {
        const names = addresses.map((a) => hostLines(p).find((h) => h.ip === a)?.names[0]).filter((n) => n !== undefined);
        yield* out(p, `${names.map((n) => `${n} `).join('')}\n`);
        return 0;
      }
    }
    const own = row === undefined ? gethostbyname(p, host) : row.ip;
    if (row === undefined && own === null) {
      yield* err(p, `hostname: ${resolveError(p)}\n`);
      return 1;
    }
    const canonical = row?.names[0] ?? host;
    if (which === '-f') yield* out(p, `${canonical}\n`);
    else if (which === '-d') yield* out(p, canonical.includes('.') ? `${canonical.slice(canonical.indexOf('.') + 1)}\n` : '');
    else if (which === '-a') yield* out(p, `${(row?.names.slice(1) ?? []).join(' ')}\n`);
    else yield* out(p, `${row?.text ?? ipText(own!)}\n`);
    return 0;
  },
});

const LONG: Readonly<Record<string, string>> = {
  '--alias': '-a', '--all-fqdns': '-A', '--boot': '-b', '--domain': '-d', '--fqdn': '-f', '--long': '-f', '--file': '-F', '--ip-address': '-i', '--all-ip-addresses': '-I', '--short': '-s', '--yp': '-y', '--nis': '-y', '--version': '-V', '--help': '-h',
};

function parseArgs(argv: readonly Bytes[]): { opts: Options; args: Bytes[]; bad: Bytes | null } {
  const opts = new Options();
  const args: Bytes[] = [];
  for (let i = 0; i < argv.length; i++) {
    const a = argv[i]!;
    const letters = a.startsWith('--') && a !== '--' ? [LONG[a]] : a.length > 1 && a[0] === '-' ? [...a.slice(1)].map((c) => `-${c}`) : null;
    if (letters === null) {
      args.push(a);
      continue;
    }
    for (const key of letters) {
      if (key === undefined) return { opts, args, bad: `unrecognized option '${a}'` };
      if (!'aAbdfFiIsyVh'.includes(key[1]!)) return { opts, args, bad: `invalid option -- '${key[1]}'` };
      if (key !== '-F') {
        opts.given.push({ key, value: null });
        continue;
      }
      const value = argv[++i];
      if (value === undefined) return { opts, args, bad: "option requires an argument -- 'F'" };
      opts.given.push({ key, value });
    }
  }
  return { opts, args, bad: null };
}
