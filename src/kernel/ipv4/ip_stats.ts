// IP's MIB counters (/proc/net/snmp, RFC 4293) as numeric fields, because every packet counts here.

/** Counters of the Ip: line. */
export class IpStats {
  static readonly blank = (): IpStats => new IpStats();
  inReceives = 0;
  inHdrErrors = 0;
  inAddrErrors = 0;
  forwDatagrams = 0;
  inUnknownProtos = 0;
  inDiscards = 0;
  inDelivers = 0;
  outRequests = 0;
  outDiscards = 0;
  outNoRoutes = 0;
  inNoRoutes = 0;
  reasmTimeout = 0;
  reasmReqds = 0;
  reasmOKs = 0;
  reasmFails = 0;
  fragOKs = 0;
  fragFails = 0;
  fragCreates = 0;
}
