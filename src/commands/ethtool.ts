// ethtool(8): virtual cards have no driver settings; the link state is the one thing that can be asked.
// Not modelled: everything else.
import type { Run } from '../host/process';
import { err, out } from '../host/syscall';
import { command, notModelled } from './command';

/** Options that ethtool 6.1 has, by their short and long names. */
const ETHTOOL = /^-[aAcCdeEfgGhikKlLmnNpPQrsStTuUwWxX]$|^--(?:change|show-pause|pause|show-coalesce|coalesce|show-ring|set-ring|show-features|show-offload|features|offload|driver|register-dump|eeprom-dump|change-eeprom|negotiate|identify|test|statistics|phy-statistics|show-nfc|show-ntuple|config-nfc|config-ntuple|show-time-stamping|show-rxfh|show-rxfh-indir|rxfh|set-rxfh-indir|flash|show-permaddr|get-dump|set-dump|show-channels|set-channels|show-priv-flags|set-priv-flags|dump-module-eeprom|module-info|show-eee|set-eee|set-phy-tunable|get-phy-tunable|get-tunable|set-tunable|reset|show-fec|set-fec|per-queue|cable-test|cable-test-tdr|show-tunnels|show-module|set-module|help|version|debug|json|all|include-statistics)$/;

export const ethtool = command({
  name: 'ethtool',
  summary: 'settings of network cards',
  path: '/usr/sbin/ethtool',
  package: 'ethtool',
  options: { '-i': { kind: 'flag', says: 'driver', modelled: false }, '-k': { kind: 'flag', says: 'offloads', modelled: false }, '-S': { kind: 'flag', says: 'statistics', modelled: false } },
  getopt: null,
  *run(p, _opts, args): Run {
    const name = args[0];
    if (name === undefined) {
      yield* err(p, 'ethtool: bad command line argument(s)\nFor more information run ethtool -h\n');
      return 1;
    }
    if (name.startsWith('-') && !ETHTOOL.test(name)) {
      yield* err(p, 'ethtool: bad command line argument(s)\nFor more information run ethtool -h\n');
      return 1;
    }
    if (name.startsWith('-')) return yield* notModelled(p, 'ethtool', `option ${name}`);
    const dev = p.host.kernel.devByName(name);
    if (dev === undefined) {
      yield* err(p, 'netlink error: no device matches name (offset 24)\nnetlink error: No such device\nCannot get device settings: No such device\nNo data available\n');
      return 75;
    }
    yield* out(p, `Settings for ${name}:\n\tLink detected: ${dev.running ? 'yes' : 'no'}\n`);
    return 0;
  },
});
