// The list of checks a lesson may use; one file each.
import type { CheckKind } from '../check';
import { address } from './address';
import { all, any, not } from './combine';
import { arp } from './arp';
import { command } from './command';
import { connect } from './connect';
import { file } from './file';
import { http } from './http';
import { ipvs } from './ipvs';
import { ping } from './ping';
import { route } from './route';
import { service } from './service';
import { survives } from './survives';
import { sysctl } from './sysctl';

/** A check as a lesson wrote it, validated. */
export interface CheckSpec {
  kind: string;
  args: unknown;
}

export const CHECKS: readonly CheckKind<never>[] = [
  http, arp, ipvs, address, route, sysctl, service, file, ping, connect, command, survives, all, any, not,
] as unknown as CheckKind<never>[];
