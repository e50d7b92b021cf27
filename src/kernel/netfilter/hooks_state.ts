// Netfilter's hook numbers, verdicts and per-host state. Linux counterpart: include/uapi/linux/netfilter.h, struct netns_nf.

export const HOOK = { PRE_ROUTING: 0, LOCAL_IN: 1, FORWARD: 2, LOCAL_OUT: 3, POST_ROUTING: 4 } as const;

export const NF_DROP = 0;
export const NF_ACCEPT = 1;
/** The hook has sent, queued or freed the packet itself. */
export const NF_STOLEN = 2;

/** Per-host netfilter state. */
export class Netfilter {
  /** Why the last hook said NF_DROP (index in DROP_REASONS); the caller drops with it and clears it. */
  dropReason = 0;
  /** Tables of rules are in use; without them hooks cost one test. */
  rulesLoaded = false;
  /** Connection tracking is on (module nf_conntrack loaded and wanted). */
  conntrack = false;
}
