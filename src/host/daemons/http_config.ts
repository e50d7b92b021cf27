// What an HTTP daemon of either personality has learnt from its configuration files.
import type { Bytes } from '../../lib/text';
import type { Ip } from '../../wire/packet';
import type { PeerGroup } from './nginx_upstream';

export interface HttpListen {
  /** 0: any address; IPv6 is IP6_BASE + id. */
  ip: Ip;
  /** An IPv6 listener takes IPv4 too (ipv6only=off). */
  dual?: boolean;
  port: number;
  isDefault: boolean;
}

/** nginx: what may be said at every level and is inherited where nothing is said. */
export interface NginxShared {
  /** Largest body of a request; 0: any. */
  maxBody?: number;
  /** allow and deny, the first that fits decides. */
  access?: { allow: boolean; net: Ip; mask: number }[];
  addHeaders?: { name: Bytes; value: Bytes; always: boolean }[];
  proxyHeaders?: [name: Bytes, value: Bytes][];
  connectSec?: number;
  readSec?: number;
  proxyVersion?: Bytes;
}

/** A piece of the URL space with its own rules; unset fields are inherited from the site. */
export interface HttpLocation extends NginxShared {
  exact: boolean;
  /** nginx: a regular expression (i: letters of either case), or a prefix that regular expressions do not overrule. */
  regex?: 'i' | '';
  final?: boolean;
  internal?: boolean;
  /** nginx: requests are handed on to a group; `uri` stands for the matched part, null leaves the target as it is. */
  pass?: { group: Bytes; host: Bytes; uri: Bytes | null };
  path: Bytes;
  root?: Bytes;
  /** Replaces the matched part instead of being put before the URL. */
  alias?: Bytes;
  index?: Bytes[];
  autoindex?: boolean;
  returns?: { code: number; text: Bytes };
  tryFiles?: Bytes[];
  denied?: boolean;
  /** Requests below it are handed on to another server; `path` stands for the matched part there. */
  proxy?: { ip: Ip; port: number; path: Bytes };
}

/** A virtual server. */
export interface HttpSite extends NginxShared {
  listens: HttpListen[];
  names: Bytes[];
  root: Bytes;
  index: Bytes[];
  autoindex: boolean;
  locations: HttpLocation[];
  returns: { code: number; text: Bytes } | null;
  /** Path to serve instead of the built-in page, by status. */
  errorPages: Record<number, Bytes>;
  tryFiles?: Bytes[];
  denied?: boolean;
  /** Access log; '' for none. */
  accessLog: Bytes;
  /** nginx: its format; undefined for combined. */
  logFormat?: Bytes;
}

export interface HttpConfig {
  sites: HttpSite[];
  types: Record<string, string>;
  defaultType: string;
  /** Added to text types; '' for none. */
  charset: string;
  errorLog: Bytes;
  pidFile: Bytes;
  user: Bytes;
  keepaliveSec: number;
  keepaliveMax: number;
  /** Directories that may be listed or are closed (Apache's <Directory>), longest prefix decides. */
  directories: { path: Bytes; indexes: boolean | null; denied: boolean | null }[];
  /** Apache: ServerName, for the start message. */
  serverName: Bytes;
  /** nginx: groups of servers by name. */
  upstreams?: Record<Bytes, PeerGroup>;
  /** nginx: server_tokens off. */
  quiet?: boolean;
  workers: number;
  /** What is wrong although every line was understood; '' for nothing. */
  complaint: Bytes;
  /** Directives that were understood and change nothing here, each in words for the log. */
  warnings: Bytes[];
}

/** Result of reading a configuration: the text of the error is without prefix. */
export type ConfigResult = { config: HttpConfig } | { error: Bytes; notModelled?: boolean };

/** Thrown while parsing. */
export class ConfigError extends Error {
  constructor(
    readonly text: Bytes,
    readonly notModelled = false,
  ) {
    super(text);
  }
}
