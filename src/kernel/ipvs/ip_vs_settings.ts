// Positions and defaults of net.ipv4.vs.*, apart from what acts on them, so that every file may read a setting. Linux counterpart: sysctl_* of struct netns_ipvs.
// Not modelled: what sync_ports above 1, sync_qlen_max, sync_sock_size and sloppy_sctp change; they are kept and shown.

/** Settings kept as one whole number each, with their defaults; positions in `IpVs.vs`. */
export const INTS = {
  amemthresh: 1024, am_droprate: 10, drop_entry: 0, drop_packet: 0, conntrack: 0, secure_tcp: 0, snat_reroute: 1, sync_version: 1, sync_ports: 1,
  sync_persist_mode: 0, sync_qlen_max: 11177, sync_sock_size: 0, cache_bypass: 0, expire_nodest_conn: 0, sloppy_tcp: 0, sloppy_sctp: 0,
  expire_quiescent_template: 0, sync_refresh_period: 0, sync_retries: 0, nat_icmp_send: 0, pmtu_disc: 1, backup_only: 0, conn_reuse_mode: 1,
  schedule_icmp: 0, ignore_tunneled: 0, run_estimation: 1, lblc_expiration: 86400, lblcr_expiration: 86400,
} as const;
export type VsName = keyof typeof INTS;
export const VS_NAMES = Object.keys(INTS) as VsName[];
/** Position of a setting in `IpVs.vs`. */
export const Vs = Object.freeze(Object.fromEntries(VS_NAMES.map((n, i) => [n, i]))) as Readonly<Record<VsName, number>>;

/** A fresh column of defaults. */
export const vsDefaults = (): Int32Array => Int32Array.from(VS_NAMES, (n) => INTS[n]);
