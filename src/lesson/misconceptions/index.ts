// Named misconceptions: each looks at the learner's lab and says whether it is there. The first that matches explains a failed check.
// Order matters: what breaks everything comes before what breaks one server.
import type { Lab } from '../../lab/lab';
import { type Message, message } from '../check';
import type { Lesson } from '../load';
import { Situation } from '../situation';
import { arpAnnounceMissing, arpIgnoreMissing, arpIgnoreOnLoOnly, vipOnServerCard, vipWideOnLo } from './arp';
import { clientWithoutGateway, noForwarding, serverGatewayMissing } from './routing';
import { httpdStopped, serverMissing, serviceElsewhere, serviceMissing, vipMissingOnDirector, vipMissingOnServer, wrongMode } from './service';

/** One misconception. */
export interface Misconception {
  readonly name: string;
  /** Arguments of its explanation (`misconception.NAME`), or null when it is not there. */
  detect(s: Situation): Record<string, string> | null;
}

export const MISCONCEPTIONS: readonly Misconception[] = [
  vipMissingOnDirector, serviceMissing, serviceElsewhere, serverMissing, wrongMode, vipWideOnLo, vipOnServerCard, vipMissingOnServer, arpIgnoreOnLoOnly, arpIgnoreMissing,
  arpAnnounceMissing, noForwarding, clientWithoutGateway, serverGatewayMissing, httpdStopped,
];

/** The first misconception found in a lab; null when none is there. */
export function misconceptionOf(lab: Lab, lesson: Lesson): { name: string; explanation: Message } | null {
  const s = new Situation(lab, lesson);
  for (const m of MISCONCEPTIONS) {
    const args = m.detect(s);
    if (args !== null) return { name: m.name, explanation: message(`misconception.${m.name}`, args) };
  }
  return null;
}
