// All misconceptions, most telling first: the first that shows explains a failed check about traffic.
import { noIpForward, noService, rsNotAdded, serviceAddressWrong, vipMissingOnDirector, weightZero, wrongMode } from './director';
import { clearedNotSaved, commentIsNotOff, gatewayLeft, oldNetworkLeft, savedNotCleared } from './left';
import type { Misconception } from './misconception';
import {
  cableOut, clientArpElsewhere, drGatewayIsDirector, drServerElsewhere, firewallInTheWay, hostDown, oneNetworkNat, tunnelMissing, vipDeviceDown,
} from './network';
import {
  arpAnnounceMissing, arpIgnoreMissing, arpIgnoreOnLoOnly, clientWithoutRoute, httpdNotOnVip, httpdStopped, noGatewayOnRs, rpFilterOnTunnel, vipMissingOnRs, vipOnRsCable, vipPrefixOnLo,
} from './servers';
import {
  allWeightsZero, dhForWeb, directorServesItself, ipvsadmNotEnabled, mixedModes, overloaded, persistenceLeftOn, rcLocalNotExecutable, savedEmpty, serverPortWrong, sysctlNotLoaded, weightsIgnored,
} from './upkeep';

export const misconceptions: readonly Misconception[] = Object.freeze([
  hostDown, cableOut, rcLocalNotExecutable, ipvsadmNotEnabled, savedEmpty, directorServesItself,
  noService, serviceAddressWrong, mixedModes, wrongMode, rsNotAdded, allWeightsZero, weightZero, vipDeviceDown, vipMissingOnDirector, clientWithoutRoute, vipOnRsCable, vipPrefixOnLo, arpIgnoreOnLoOnly, arpIgnoreMissing, vipMissingOnRs,
  tunnelMissing, rpFilterOnTunnel, sysctlNotLoaded, noIpForward, noGatewayOnRs, serverPortWrong, httpdStopped, httpdNotOnVip, oneNetworkNat, arpAnnounceMissing,
  drServerElsewhere, drGatewayIsDirector, clientArpElsewhere, firewallInTheWay, dhForWeb, weightsIgnored, persistenceLeftOn, overloaded,
  clearedNotSaved, savedNotCleared, commentIsNotOff, gatewayLeft, oldNetworkLeft,
]);
