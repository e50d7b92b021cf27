// What each setting accepts: kinds of values and their ranges, as data. Linux counterpart: proc_dointvec and its like (kernel/sysctl.c), .extra1 and .extra2 of the tables.
import type { Errno } from '../../lib/errno';

/** A kind of value. big: one unsigned of 64 bits, kept as text. `n` whole numbers between min and max (of each), a text, or nothing one may write. */
export type Rule =
  | { readonly kind: 'ints'; readonly n: number; readonly min: number; readonly max: number }
  | { readonly kind: 'text'; readonly max: number; readonly among?: readonly string[] }
  | { readonly kind: 'big' }
  | { readonly kind: 'fixed' };

const INT_MIN = -2147483648;
const INT_MAX = 2147483647;
const ints = (min: number, max: number, n = 1): Rule => ({ kind: 'ints', n, min, max });
const fixed: Rule = { kind: 'fixed' };

/** proc_dou8vec_minmax: one byte. */
const U8 = 'ip_dynaddr ip_early_demux udp_early_demux tcp_early_demux ip_no_pmtu_disc ip_forward_use_pmtu ip_nonlocal_bind fwmark_reflect tcp_fwmark_accept ' +
  'tcp_mtu_probing igmp_link_local_mcast_reports tcp_keepalive_probes tcp_synack_retries tcp_syncookies tcp_retries2 tcp_orphan_retries tcp_sack ' +
  'tcp_window_scaling tcp_timestamps tcp_recovery tcp_thin_linear_timeouts tcp_slow_start_after_idle tcp_retrans_collapse tcp_stdurg tcp_rfc1337 ' +
  'tcp_abort_on_overflow tcp_fack tcp_dsack tcp_frto tcp_no_metrics_save tcp_moderate_rcvbuf tcp_tso_win_divisor tcp_workaround_signed_windows tcp_tso_rtt_log ' +
  'tcp_comp_sack_nr tcp_retries1';
const BOOL = 'icmp_echo_ignore_all icmp_echo_enable_probe icmp_echo_ignore_broadcasts icmp_ignore_bogus_error_responses icmp_errors_use_inbound_ifaddr ' +
  'raw_l3mdev_accept tcp_ecn_fallback nexthop_compat_mode ip_forward_update_priority ip_autobind_reuse tcp_l3mdev_accept tcp_migrate_req fib_multipath_use_neigh ' +
  'udp_l3mdev_accept tcp_no_ssthresh_metrics_save tcp_autocorking tcp_reflect_tos tcp_shrink_window';

const each = (names: string, rule: Rule): Record<string, Rule> => Object.fromEntries(names.split(' ').map((n) => [`net/ipv4/${n}`, rule]));

/** Rules by path. What is not named takes any int, as many as its default has, or any text when the default is no number. */
export const RULES: Readonly<Record<string, Rule>> = Object.freeze({
  ...each(U8, ints(0, 255)),
  ...each(BOOL, ints(0, 1)),
  'net/ipv4/ip_default_ttl': ints(1, 255),
  'net/ipv4/ip_local_port_range': ints(1, 65535, 2),
  'net/ipv4/ip_unprivileged_port_start': ints(0, 65535),
  'net/ipv4/tcp_ecn': ints(0, 2),
  'net/ipv4/tcp_tw_reuse': ints(0, 2),
  'net/ipv4/tcp_syn_retries': ints(1, 127),
  'net/ipv4/tcp_early_retrans': ints(0, 4),
  'net/ipv4/tcp_app_win': ints(0, 31),
  'net/ipv4/tcp_adv_win_scale': ints(-31, 31),
  'net/ipv4/tcp_min_tso_segs': ints(1, 255),
  'net/ipv4/tcp_min_rtt_wlen': ints(0, 86400),
  'net/ipv4/tcp_min_snd_mss': ints(48, 65535),
  'net/ipv4/tcp_mtu_probe_floor': ints(48, 65535),
  'net/ipv4/tcp_pacing_ss_ratio': ints(0, 1000),
  'net/ipv4/tcp_pacing_ca_ratio': ints(0, 1000),
  'net/ipv4/tcp_rmem': ints(1, INT_MAX, 3),
  'net/ipv4/tcp_wmem': ints(1, INT_MAX, 3),
  'net/ipv4/udp_rmem_min': ints(1, INT_MAX),
  'net/ipv4/udp_wmem_min': ints(1, INT_MAX),
  'net/ipv4/tcp_notsent_lowat': ints(0, 4294967295),
  'net/ipv4/tcp_probe_interval': ints(0, 4294967295),
  'net/ipv4/fib_multipath_hash_policy': ints(0, 3),
  'net/ipv4/fib_multipath_hash_fields': ints(1, 255),
  'net/ipv4/fib_notify_on_flag_change': ints(0, 2),
  'net/ipv4/igmp_qrv': ints(1, INT_MAX),
  'net/ipv4/ping_group_range': ints(0, 4294967294, 2),
  'net/ipv4/ip_local_reserved_ports': { kind: 'text', max: 65536 },
  'net/ipv4/tcp_congestion_control': { kind: 'text', max: 15, among: ['reno', 'cubic', 'bbr', 'bic', 'cdg', 'dctcp', 'highspeed', 'htcp', 'hybla', 'illinois', 'lp', 'nv', 'scalable', 'vegas', 'veno', 'westwood', 'yeah'] },
  'net/ipv4/tcp_available_congestion_control': fixed,
  'net/ipv4/tcp_ehash_entries': fixed,
  'net/netfilter/nf_conntrack_count': fixed,
  'net/core/somaxconn': ints(0, INT_MAX),
  'net/core/txrehash': ints(0, 1),
  'net/core/rmem_max': ints(2304, INT_MAX),
  'net/core/rmem_default': ints(2304, INT_MAX),
  'net/core/wmem_max': ints(4608, INT_MAX),
  'net/core/wmem_default': ints(4608, INT_MAX),
  'kernel/hostname': { kind: 'text', max: 64 },
  'kernel/domainname': { kind: 'text', max: 64 },
  'kernel/osrelease': fixed,
  'kernel/ostype': fixed,
  'kernel/version': fixed,
  'kernel/arch': fixed,
  'kernel/ngroups_max': fixed,
  'kernel/cap_last_cap': fixed,
  'kernel/random/entropy_avail': fixed,
  'kernel/random/poolsize': fixed,
  'kernel/bootloader_type': fixed,
  'kernel/bootloader_version': fixed,
  'kernel/tainted': ints(0, INT_MAX),
  'kernel/panic': ints(INT_MIN, INT_MAX),
  'kernel/randomize_va_space': ints(INT_MIN, INT_MAX),
  'kernel/dmesg_restrict': ints(0, 1),
  'kernel/kptr_restrict': ints(0, 2),
  'kernel/pid_max': ints(301, 4194304),
  'kernel/modules_disabled': ints(1, 1),
  'vm/swappiness': ints(0, 200),
  'vm/overcommit_memory': ints(0, 2),
  'vm/panic_on_oom': ints(0, 2),
  'vm/dirty_ratio': ints(0, 100),
  'vm/dirty_background_ratio': ints(0, 100),
  'vm/vfs_cache_pressure': ints(0, INT_MAX),
  'fs/protected_hardlinks': ints(0, 1),
  'fs/protected_symlinks': ints(0, 1),
  'fs/protected_fifos': ints(0, 2),
  'fs/protected_regular': ints(0, 2),
  'fs/suid_dumpable': ints(0, 2),
  'fs/aio-nr': fixed,
  'fs/dentry-state': fixed,
  'fs/file-nr': fixed,
  'fs/inode-nr': fixed,
  'fs/inode-state': fixed,
});

/** The rule of a setting by its path and default. */
export function ruleOf(path: string, byDefault: string): Rule {
  const rule = RULES[path];
  if (rule !== undefined) return rule;
  const words = byDefault.split('\t');
  if (words.every((w) => /^-?\d+$/.test(w))) {
    const wide = words.some((w) => Number(w) > INT_MAX);
    // proc_doulongvec: 64 bits, which a number here cannot hold.
    if (words.length === 1 && words[0]!.length > 15) return { kind: 'big' };
    return wide ? ints(0, Number.MAX_SAFE_INTEGER, words.length) : ints(INT_MIN, INT_MAX, words.length);
  }
  return { kind: 'text', max: 255 };
}

/**
 * Up to `n` whole numbers as proc_dointvec reads them: base by prefix (010 is 8, 0x10 is 16), `-` but no `+`, white space between and before; what
 * follows the last wanted number does not matter. EINVAL when there is no number or something else stands beside it.
 */
export function parseInts(text: string, n: number, min = INT_MIN, max = INT_MAX): number[] | Errno {
  const found: number[] = [];
  let rest = text;
  while (found.length < n) {
    rest = rest.replace(/^[ \t\n\v\f\r]+/, '');
    if (rest === '') break;
    const m = /^(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)(?=[ \t\n\0]|$)/.exec(rest);
    if (m === null) return 'EINVAL';
    const digits = m[2]!;
    const size = digits.length > 1 && digits[0] === '0' && !/[xX]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    const value = m[1] === '-' ? -size : size;
    if (value < min || value > max) return 'EINVAL';
    found.push(value === 0 ? 0 : value);
    rest = rest.slice(m[0].length);
  }
  return found.length === 0 ? 'EINVAL' : found;
}
