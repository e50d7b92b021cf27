// What a lesson check is: a typed question about a lab's behaviour, answered on a fork with pass, fail or blocked.
import type { z } from 'zod';
import type { Steps } from '../../lib/steps';
import type { Lab } from '../../lab/lab';
import type { TopologyHost } from '../../lab/topology';

/** Words by key and arguments; messages.zh.json and messages.en.json hold them. */
export interface Message { key: string; args: Record<string, string | number> }
export const msg = (key: string, args: Record<string, string | number> = {}): Message => ({ key, args });

export type Verdict = {
  /** blocked: what the check is about never got the chance to happen. */
  state: 'passed' | 'failed' | 'blocked';
  expected: Message;
  actual: Message;
  host?: string;
  /** Why, from the trace or the state; a misconception's words replace it. */
  explanation?: Message;
  misconception?: string;
  /** Frames of the checker's run it refers to. */
  frames?: number[];
  /** What misconceptions are looked for: a kind of check, or 'page' for a request that is not for the virtual address, or 'left' for what should be gone. Default: the check's own kind. */
  about?: string;
};

/** One check of a step as written, validated. */
export interface CheckSpec { kind: string; args: unknown }

/** What the lesson's cluster is meant to be, as its ipvs checks or its `clusters` say. */
export interface Cluster {
  vip: string;
  port: number;
  mode: 'route' | 'masq' | 'tunnel';
  director: string;
  servers: string[];
  client: string;
  /** The lesson asks for persistence. */
  persistent?: boolean;
  /** Servers that are meant to have weight 0. */
  idle?: string[];
  /** It is taken down in this lesson: what is left of it is a fault. */
  gone?: boolean;
}

export interface CheckContext {
  /** A fork of the learner's lab that this check may change. */
  lab: Lab;
  hosts: readonly TopologyHost[];
  cluster: Cluster | null;
  /** Answers of quiz questions by question id. */
  answers: Readonly<Record<string, string>>;
  /** Commands the learner entered. */
  used: readonly { host: string; text: string }[];
  /** Only the state is asked for: a check may stop as soon as it knows, and explain nothing. */
  quick: boolean;
  /** Runs an inner check on this lab (it may change it). */
  run(spec: CheckSpec): Steps<Verdict>;
}

export interface CheckKind<A> {
  name: string;
  /** The arguments as written; made when first asked for, since only who checks lesson files asks (a page plays lessons that were checked). */
  schema(): z.ZodType<A>;
  /** Hosts it names, for the schema's cross-check and for results. */
  hosts(args: A): string[];
  /** A check that lets time pass is done in steps. */
  run(ctx: CheckContext, args: A): Verdict | Steps<Verdict>;
  /** It only looks: many such checks share one fork. Default: it may change the fork. */
  reads?(args: A): boolean;
}

/** Keeps the argument type inside while the list holds kinds of all types. */
export function kind<A>(k: CheckKind<A>): CheckKind<unknown> {
  return k as unknown as CheckKind<unknown>;
}

/** All addresses of a host on the topology's cables. */
export function addressesOfHost(hosts: readonly TopologyHost[], name: string): string[] {
  const h = hosts.find((x) => x.name === name);
  return Object.values(h?.interfaces ?? {}).flatMap((i) => [...(i.address === undefined ? [] : [i.address]), ...(i.addresses ?? []).map((a) => (typeof a === 'string' ? a : a.address))].map((a) => a.split('/')[0]!));
}

/** Short name of a host that owns an address, or the address. */
export const ownerOf = (hosts: readonly TopologyHost[], ip: string): string => hosts.find((h) => addressesOfHost(hosts, h.name).includes(ip))?.name ?? ip;

/** First address of a host on the topology's cables. */
export const addressOfHost = (hosts: readonly TopologyHost[], name: string): string | null => addressesOfHost(hosts, name)[0] ?? null;

/** The address in 'http://ADDRESS:PORT/...', 'ADDRESS:PORT' or 'ADDRESS'. */
export const addressIn = (to: string): string => /^(?:\w+:\/\/)?([^/:]+)/.exec(to)?.[1] ?? to;

export const list = (items: readonly string[]): string => (items.length === 0 ? '-' : items.join(', '));
