// Settings below /proc/sys that nothing here keeps elsewhere: names and defaults, as a Debian 12 host (Linux 6.1, 1.5 GB) prints them.
// Linux counterpart: ipv4_net_table and its like; Documentation/networking/ip-sysctl.rst. `NAME=VALUE;` below a directory.

/** net.ipv4 without conf, neigh, vs and what the kernel keeps in fields of its own. */
const IPV4 = `
fib_multipath_hash_fields=7; fib_multipath_hash_policy=0; fib_multipath_use_neigh=0; fib_notify_on_flag_change=0; fwmark_reflect=0;
icmp_echo_enable_probe=0; icmp_echo_ignore_all=0; icmp_echo_ignore_broadcasts=1; icmp_errors_use_inbound_ifaddr=0;
icmp_ignore_bogus_error_responses=1; icmp_msgs_burst=50; icmp_msgs_per_sec=1000; icmp_ratelimit=1000; icmp_ratemask=6168;
igmp_link_local_mcast_reports=1; igmp_max_memberships=20; igmp_max_msf=10; igmp_qrv=2; ip_autobind_reuse=0; ip_dynaddr=0; ip_early_demux=1;
ip_forward_update_priority=1; ip_forward_use_pmtu=0; ip_local_port_range=32768\t60999; ip_local_reserved_ports=; ip_no_pmtu_disc=0;
ip_nonlocal_bind=0; ip_unprivileged_port_start=1024; ipfrag_high_thresh=4194304; ipfrag_low_thresh=3145728; ipfrag_max_dist=64; ipfrag_time=30;
nexthop_compat_mode=1; ping_group_range=1\t0; raw_l3mdev_accept=1; route/min_adv_mss=256; route/min_pmtu=552; route/mtu_expires=600;
tcp_abort_on_overflow=0; tcp_adv_win_scale=1; tcp_allowed_congestion_control=reno cubic; tcp_app_win=31; tcp_autocorking=1;
tcp_available_congestion_control=reno cubic; tcp_base_mss=1024; tcp_challenge_ack_limit=2147483647; tcp_child_ehash_entries=0;
tcp_comp_sack_delay_ns=1000000; tcp_comp_sack_nr=44; tcp_comp_sack_slack_ns=100000; tcp_congestion_control=cubic; tcp_dsack=1; tcp_early_demux=1;
tcp_early_retrans=3; tcp_ecn=2; tcp_ecn_fallback=1; tcp_ehash_entries=-16384; tcp_fack=0; tcp_fastopen=1; tcp_fastopen_blackhole_timeout_sec=0;
tcp_fastopen_key=00000000-00000000-00000000-00000000; tcp_fin_timeout=60; tcp_frto=2; tcp_fwmark_accept=0; tcp_invalid_ratelimit=500;
tcp_keepalive_intvl=75; tcp_keepalive_probes=9; tcp_keepalive_time=7200; tcp_l3mdev_accept=0; tcp_limit_output_bytes=1048576;
tcp_max_reordering=300; tcp_max_syn_backlog=128; tcp_max_tw_buckets=8192; tcp_migrate_req=0; tcp_min_rtt_wlen=300; tcp_min_snd_mss=48;
tcp_min_tso_segs=2; tcp_moderate_rcvbuf=1; tcp_mtu_probe_floor=48; tcp_mtu_probing=0; tcp_no_metrics_save=0; tcp_no_ssthresh_metrics_save=1;
tcp_notsent_lowat=4294967295; tcp_orphan_retries=0; tcp_pacing_ca_ratio=120; tcp_pacing_ss_ratio=200; tcp_probe_interval=600;
tcp_probe_threshold=8; tcp_recovery=1; tcp_reflect_tos=0; tcp_reordering=3; tcp_retrans_collapse=1; tcp_retries1=3; tcp_retries2=15;
tcp_rfc1337=0; tcp_rmem=4096\t131072\t6291456; tcp_sack=1; tcp_shrink_window=0; tcp_slow_start_after_idle=1; tcp_stdurg=0; tcp_syn_retries=6;
tcp_synack_retries=5; tcp_syncookies=1; tcp_thin_linear_timeouts=0; tcp_timestamps=1; tcp_tso_rtt_log=9; tcp_tso_win_divisor=3; tcp_tw_reuse=2;
tcp_window_scaling=1; tcp_wmem=4096\t16384\t4194304; tcp_workaround_signed_windows=0; udp_early_demux=1; udp_l3mdev_accept=0; udp_rmem_min=4096;
udp_wmem_min=4096; xfrm4_gc_thresh=32768;`;

/** net.core. */
const CORE = `
bpf_jit_enable=1; bpf_jit_harden=0; bpf_jit_kallsyms=1; bpf_jit_limit=528482304; busy_poll=0; busy_read=0; default_qdisc=pfifo_fast;
dev_weight=64; dev_weight_rx_bias=1; dev_weight_tx_bias=1; devconf_inherit_init_net=0; fb_tunnels_only_for_init_net=0; flow_limit_cpu_bitmap=0;
flow_limit_table_len=4096; gro_normal_batch=8; high_order_alloc_disable=0; max_skb_frags=17; message_burst=10; message_cost=5; netdev_budget=300;
netdev_budget_usecs=8000; netdev_max_backlog=1000; netdev_tstamp_prequeue=1; optmem_max=20480; rmem_default=212992; rmem_max=212992;
rps_sock_flow_entries=0; skb_defer_max=64; somaxconn=4096; tstamp_allow_data=1; txrehash=1; warnings=0; wmem_default=212992; wmem_max=212992;
xfrm_acq_expires=30; xfrm_aevent_etime=10; xfrm_aevent_rseqth=2; xfrm_larval_drop=1;`;

/** net.ipv6 without conf and neigh. */
const IPV6 = `
anycast_src_echo_reply=0; auto_flowlabels=1; bindv6only=0; fib_multipath_hash_fields=7; fib_multipath_hash_policy=0; fib_notify_on_flag_change=0;
flowlabel_consistency=1; flowlabel_reflect=0; flowlabel_state_ranges=0; fwmark_reflect=0; icmp/echo_ignore_all=0; icmp/echo_ignore_anycast=0;
icmp/echo_ignore_multicast=0; icmp/ratelimit=1000; icmp/ratemask=0-1,3-127; idgen_delay=1; idgen_retries=3; ioam6_id=16777215;
ioam6_id_wide=72057594037927935; ip6frag_high_thresh=4194304; ip6frag_low_thresh=3145728; ip6frag_time=60; ip_nonlocal_bind=0;
max_dst_opts_length=2147483647; max_dst_opts_number=8; max_hbh_length=2147483647; max_hbh_opts_number=8; route/gc_elasticity=9;
route/gc_interval=30; route/gc_min_interval=0; route/gc_min_interval_ms=500; route/gc_thresh=1024; route/gc_timeout=60;
route/max_size=2147483647; route/min_adv_mss=1220; route/mtu_expires=600; route/skip_notify_on_dev_down=0; seg6_flowlabel=0;
xfrm6_gc_thresh=32768;`;

/** net.netfilter; the second part is there while nf_conntrack is loaded. */
const NETFILTER = `
nf_hooks_lwtunnel=0; nf_log/0=NONE; nf_log/1=NONE; nf_log/10=NONE; nf_log/2=NONE; nf_log/3=NONE; nf_log/4=NONE; nf_log/5=NONE; nf_log/6=NONE;
nf_log/7=NONE; nf_log/8=NONE; nf_log/9=NONE;`;
const CONNTRACK = `
nf_conntrack_acct=0; nf_conntrack_buckets=65536; nf_conntrack_checksum=1; nf_conntrack_count=0; nf_conntrack_dccp_loose=1;
nf_conntrack_dccp_timeout_closereq=64; nf_conntrack_dccp_timeout_closing=64; nf_conntrack_dccp_timeout_open=43200;
nf_conntrack_dccp_timeout_partopen=480; nf_conntrack_dccp_timeout_request=240; nf_conntrack_dccp_timeout_respond=480;
nf_conntrack_dccp_timeout_timewait=240; nf_conntrack_events=2; nf_conntrack_expect_max=1024; nf_conntrack_frag6_high_thresh=4194304;
nf_conntrack_frag6_low_thresh=3145728; nf_conntrack_frag6_timeout=60; nf_conntrack_generic_timeout=600; nf_conntrack_gre_timeout=30;
nf_conntrack_gre_timeout_stream=180; nf_conntrack_icmp_timeout=30; nf_conntrack_icmpv6_timeout=30; nf_conntrack_log_invalid=0;
nf_conntrack_max=65536; nf_conntrack_sctp_timeout_closed=10; nf_conntrack_sctp_timeout_cookie_echoed=3; nf_conntrack_sctp_timeout_cookie_wait=3;
nf_conntrack_sctp_timeout_established=210; nf_conntrack_sctp_timeout_heartbeat_sent=30; nf_conntrack_sctp_timeout_shutdown_ack_sent=3;
nf_conntrack_sctp_timeout_shutdown_recd=3; nf_conntrack_sctp_timeout_shutdown_sent=3; nf_conntrack_tcp_be_liberal=0;
nf_conntrack_tcp_ignore_invalid_rst=0; nf_conntrack_tcp_loose=1; nf_conntrack_tcp_max_retrans=3; nf_conntrack_tcp_timeout_close=10;
nf_conntrack_tcp_timeout_close_wait=60; nf_conntrack_tcp_timeout_established=432000; nf_conntrack_tcp_timeout_fin_wait=120;
nf_conntrack_tcp_timeout_last_ack=30; nf_conntrack_tcp_timeout_max_retrans=300; nf_conntrack_tcp_timeout_syn_recv=60;
nf_conntrack_tcp_timeout_syn_sent=120; nf_conntrack_tcp_timeout_time_wait=120; nf_conntrack_tcp_timeout_unacknowledged=300;
nf_conntrack_timestamp=0; nf_conntrack_udp_timeout=30; nf_conntrack_udp_timeout_stream=120; nf_flowtable_tcp_timeout=30;
nf_flowtable_udp_timeout=30;`;

const MPTCP = `
add_addr_timeout=120; allow_join_initial_addr_port=1; checksum_enabled=0; enabled=1; pm_type=0; stale_loss_cnt=4;`;

/** net.ipv6.conf.IFACE, net.ipv4.neigh.IFACE, net.ipv6.neigh.IFACE: a set for each device. */
const CONF6 = `
accept_dad=1; accept_ra=1; accept_ra_defrtr=1; accept_ra_from_local=0; accept_ra_min_hop_limit=1; accept_ra_min_lft=0; accept_ra_mtu=1;
accept_ra_pinfo=1; accept_ra_rt_info_max_plen=0; accept_ra_rt_info_min_plen=0; accept_ra_rtr_pref=1; accept_redirects=1; accept_source_route=0;
accept_untracked_na=0; addr_gen_mode=0; autoconf=1; dad_transmits=1; disable_ipv6=1; disable_policy=0; drop_unicast_in_l2_multicast=0;
drop_unsolicited_na=0; enhanced_dad=1; force_mld_version=0; force_tllao=0; forwarding=0; hop_limit=64; ignore_routes_with_linkdown=0;
ioam6_enabled=0; ioam6_id=65535; ioam6_id_wide=4294967295; keep_addr_on_down=0; max_addresses=16; max_desync_factor=600; mc_forwarding=0;
mldv1_unsolicited_report_interval=10000; mldv2_unsolicited_report_interval=1000; mtu=1280; ndisc_evict_nocarrier=1; ndisc_notify=0;
ndisc_tclass=0; optimistic_dad=0; proxy_ndp=0; ra_defrtr_metric=1024; regen_max_retry=3; router_probe_interval=60; router_solicitation_delay=1;
router_solicitation_interval=4; router_solicitation_max_interval=3600; router_solicitations=-1; rpl_seg_enabled=0; seg6_enabled=0;
seg6_require_hmac=0; suppress_frag_ndisc=1; temp_prefered_lft=86400; temp_valid_lft=604800; use_oif_addrs_only=0; use_optimistic=0;
use_tempaddr=0;`;
const NEIGH4 = `
anycast_delay=100; app_solicit=0; base_reachable_time_ms=30000; delay_first_probe_time=5; gc_stale_time=60; interval_probe_time_ms=5000;
locktime=100; mcast_resolicit=0; mcast_solicit=3; proxy_delay=80; proxy_qlen=64; retrans_time_ms=1000; ucast_solicit=3; unres_qlen=101;
unres_qlen_bytes=212992;`;

/** A list of [name, value] from the notation above. */
export const settings = (text: string): readonly (readonly [string, string])[] =>
  text
    .split(/;[ \n]*/)
    .map((s) => s.replace(/^\n/, ''))
    .filter((s) => s !== '')
    .map((s) => [s.slice(0, s.indexOf('=')), s.slice(s.indexOf('=') + 1)] as const);

/** Directories and their settings. */
export const NET_DEFAULTS: readonly (readonly [string, string])[] = Object.freeze([
  ['net/ipv4/', IPV4], ['net/core/', CORE], ['net/ipv6/', IPV6], ['net/netfilter/', NETFILTER], ['net/mptcp/', MPTCP], ['net/unix/', 'max_dgram_qlen=10;'],
]);
export const CONNTRACK_DEFAULTS = settings(CONNTRACK);
export const CONF6_DEFAULTS = settings(CONF6);
export const NEIGH_DEFAULTS = settings(NEIGH4);
