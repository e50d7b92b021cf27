// All misconceptions, most telling first: the first that shows explains a failed check about traffic.
import { noIpForward, noService, rsNotAdded, serviceAddressWrong, vipMissingOnDirector, weightZero, wrongMode } from './director';
import type { Misconception } from './misconception';
import {
  arpAnnounceMissing, arpIgnoreMissing, arpIgnoreOnLoOnly, clientWithoutRoute, httpdNotOnVip, httpdStopped, noGatewayOnRs, rpFilterOnTunnel, vipMissingOnRs, vipOnRsCable, vipPrefixOnLo,
} from './servers';

export const misconceptions: readonly Misconception[] = Object.freeze([
  noService, serviceAddressWrong, wrongMode, rsNotAdded, weightZero, vipMissingOnDirector, clientWithoutRoute, vipOnRsCable, vipPrefixOnLo, arpIgnoreOnLoOnly, arpIgnoreMissing, vipMissingOnRs,
  rpFilterOnTunnel, noIpForward, noGatewayOnRs, httpdStopped, httpdNotOnVip, arpAnnounceMissing,
]);
