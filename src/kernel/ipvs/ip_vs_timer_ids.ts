// Which of IPVS's own timers an Ev.ipvsEstimator event is: its `b`.

export const IPVS_TIMER = { trash: 1, defence: 2, sync: 3, nodest: 4 } as const;
