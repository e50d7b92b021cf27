// The accident of the machines that were recorded, which no rule of Linux decides: a pointer in a hash.
// It is looked for in the recording itself and named in the result; nothing here knows a scenario's name or text.
import { asRecorded, execOptions, type Replay, replay } from './conformance';
import type { Lab } from './lab';
import type { Scenario, Transcript } from './scenario';

/** A replay with what had to be known of the recorded machines: an empty list when nothing. */
export interface AccidentalReplay extends Replay {
  accidents: string[];
}

const LISTS_SERVICES = /\bipvsadm\b.*\s-(?:-list|-save|\w*[LlS])|\bipvsadm-save\b|\/proc\/net\/ip_vs\b/;

const failed = (r: Replay): boolean => r.outcomes.some((o) => !o.passed && o.volatile === '');

/** Replays a scenario. Fails on the usual machines and the accident explains the recording: replayed with that. */
export function replayByAccidents(name: string, scenario: Scenario, transcript: Transcript): AccidentalReplay {
  const first = replay(name, scenario, transcript);
  if (!failed(first)) return { ...first, accidents: [] };
  const serviceHash = inferServiceHashes(name, scenario, transcript, first);
  const accidents = [...serviceHash].map(([host, hash]) => `the hash of ${host}'s services holds ${hash}`);
  return { ...(serviceHash.size === 0 ? first : replay(name, scenario, transcript, { serviceHash })), accidents };
}

/**
 * The accident in the hash of services, for each host one of whose listings differs: a value that gives every one of its recorded listings.
 * Each listing is asked of forks of the replayed lab, one for each possible order. No such value: the host is left as it is, and fails.
 */
function inferServiceHashes(name: string, scenario: Scenario, transcript: Transcript, first: Replay): Map<string, number> {
  const hosts = new Set(first.outcomes.filter((o) => !o.passed && o.volatile === '' && LISTS_SERVICES.test(o.run)).map((o) => o.host));
  const possible = new Map([...hosts].map((h) => [h, Array.from({ length: 256 }, (_, n) => n)]));
  if (hosts.size === 0) return new Map();
  replay(name, scenario, transcript, {
    before: (lab: Lab, index: number): void => {
      const step = scenario.steps[index];
      const want = transcript.steps[index];
      if (step === undefined || !('run' in step) || want?.stdout === undefined || (want.volatile ?? '') !== '' || !LISTS_SERVICES.test(step.run)) return;
      const left = possible.get(step.host);
      if (left === undefined || left.length === 0) return;
      const fits = new Set(
        lab.forksByServiceOrder(step.host).flatMap((f) => (asRecorded(step, f.lab.exec(step.host, step.run, execOptions(step)).stdout) === want.stdout ? f.hashes : [])),
      );
      possible.set(step.host, left.filter((hash) => fits.has(hash)));
    },
  });
  return new Map([...possible].filter(([, left]) => left.length > 0).map(([host, left]) => [host, left[0]!]));
}
