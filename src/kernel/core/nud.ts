// Neighbour states, apart from what acts on them, so that every file of the packet path may name one. Linux counterpart: linux/neighbour.h, net/neighbour.h.

export const NUD = { INCOMPLETE: 1, REACHABLE: 2, STALE: 4, DELAY: 8, PROBE: 16, FAILED: 32, NOARP: 64, PERMANENT: 128 } as const;
/** States in which the address is known to be right. */
export const NUD_CONNECTED = NUD.PERMANENT | NUD.NOARP | NUD.REACHABLE;
/** States in which the address may be used. */
export const NUD_VALID = NUD_CONNECTED | NUD.PROBE | NUD.STALE | NUD.DELAY;
