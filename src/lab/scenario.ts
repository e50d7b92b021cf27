// Scenarios and transcripts as recorded on real Linux (the recorder's JSON), and a scenario as a topology.
import type { Topology, TopologyHost, TopologyInterface, TopologyService } from './topology';

interface ScenarioInterface extends TopologyInterface {
  name: string;
}

export interface ScenarioHost {
  name: string;
  interfaces?: ScenarioInterface[];
  addresses?: { dev: string; address: string; label?: string }[];
  gateway?: string;
  routes?: string[];
  sysctl?: Record<string, string | number>;
  modules?: string[];
  files?: Record<string, string | { content: string; mode?: string }>;
  services?: { type?: string; port?: number; body?: string; address?: string; pages?: Record<string, string>; run?: string }[];
  ipv6?: boolean;
}

/** Where packets are recorded. */
export interface CapturePoint {
  host: string;
  interface?: string;
  filter?: string;
}

/** A command line of a scenario. */
export interface ScenarioRun { host: string; run: string; timeout?: number; tty?: boolean; stdin?: string; delay?: number }

export type ScenarioStep =
  | ScenarioRun
  | { sleep: number; delay?: number }
  | { capture: CapturePoint; delay?: number };

export interface Scenario {
  name: string;
  description?: string;
  segments?: { name: string }[];
  hosts: ScenarioHost[];
  steps: ScenarioStep[];
  capture?: CapturePoint[];
  captureLinger?: number;
  modules?: string[];
  freshModules?: boolean;
  ipv6?: boolean;
  normalize?: boolean;
}

/** What a step printed on real Linux. */
export interface RecordedStep {
  host?: string;
  run?: string;
  stdout?: string;
  stderr?: string;
  exitCode?: number;
  durationMs?: number;
  timedOut?: boolean;
  /** Why it is not compared. */
  volatile?: string;
  sleep?: number;
  capture?: CapturePoint;
}

/** A packet as the recorder decodes it. */
export interface RecordedPacket {
  t?: number;
  step: number;
  srcMac?: string; dstMac?: string; proto?: string | number; src?: string; dst?: string; sport?: number; dport?: number; flags?: string; ttl?: number;
  len?: number; id?: number; df?: boolean; data?: number; type?: number; code?: number;
  op?: string; senderMac?: string; senderIp?: string; targetMac?: string; targetIp?: string;
  inner?: PacketFields;
  about?: PacketFields;
  vrid?: number; priority?: number;
  seq?: number; ack?: number; win?: number;
}

/** A packet's fields without when it was seen. */
export type PacketFields = Omit<RecordedPacket, 'step'>;

export interface RecordedCapture extends CapturePoint {
  packets: RecordedPacket[];
  text?: string[];
  volatile?: string;
}

export interface Transcript {
  name: string;
  steps: RecordedStep[];
  captures: RecordedCapture[];
  error?: string;
  setupErrors?: string[];
}

/** Keys of a scenario that this replayer does not know; their scenario counts as failed. */
export function unknownKeys(s: Scenario): string[] {
  const known = {
    scenario: ['name', 'description', 'segments', 'hosts', 'steps', 'capture', 'captureLinger', 'modules', 'freshModules', 'ipv6', 'normalize', 'environment', 'note'],
    host: ['name', 'interfaces', 'addresses', 'gateway', 'routes', 'sysctl', 'modules', 'files', 'services', 'ipv6'],
    step: ['host', 'run', 'timeout', 'tty', 'stdin', 'delay', 'sleep', 'capture', 'note'],
    service: ['type', 'port', 'body', 'address', 'pages', 'run'],
  };
  const out = new Set<string>();
  const look = (o: object, list: readonly string[], where: string): void => {
    for (const k of Object.keys(o)) if (!list.includes(k)) out.add(`${where}${k}`);
  };
  look(s, known.scenario, '');
  for (const h of s.hosts ?? []) {
    look(h, known.host, 'hosts[].');
    for (const v of h.services ?? []) look(v, known.service, 'services[].');
  }
  for (const st of s.steps ?? []) look(st, known.step, 'steps[].');
  return [...out];
}

function serviceOf(s: NonNullable<ScenarioHost['services']>[number], host: string): TopologyService {
  if (s.type === 'exec') return { type: 'exec', run: s.run ?? ':' };
  if (s.type === 'syslog') return { type: 'syslog' };
  return { type: 'http', port: s.port ?? 80, body: s.body ?? host, ...(s.address ? { address: s.address } : {}), ...(s.pages ? { pages: s.pages } : {}) };
}

/** The topology a scenario runs on: image debian-12, configured by hand. */
export function topologyOf(s: Scenario): Topology {
  return {
    image: 'debian-12',
    bare: true,
    segments: (s.segments ?? []).map((g) => ({ name: g.name })),
    ipv6: s.ipv6 === true,
    modules: s.modules ?? [],
    freshModules: s.freshModules === true,
    hosts: s.hosts.map((h): TopologyHost => {
      const out: TopologyHost = { name: h.name, interfaces: {} };
      for (const { name, ...i } of h.interfaces ?? []) out.interfaces[name] = i;
      if (h.addresses) out.addresses = h.addresses;
      if (h.gateway !== undefined) out.gateway = h.gateway;
      if (h.routes) out.routes = h.routes;
      if (h.sysctl) out.sysctl = h.sysctl;
      if (h.files) out.files = h.files;
      if (h.modules) out.modules = h.modules;
      if (h.services) out.services = h.services.map((v) => serviceOf(v, h.name));
      return out;
    }),
  };
}
