// Services as systemd sees them. Linux counterpart: systemd.unit(5), systemd.service(5).

/** State of all units of a host. */
export class Units {
  state = new Map<string, string>();
}
