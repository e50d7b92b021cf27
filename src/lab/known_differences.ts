// Steps of the recordings that differ here, each with its reason: e2e/conformance/failing.txt (generated) beside reasons.json (written by hand), as a part of MODELLED.md.

/** Why some steps differ. `steps`: beginnings of lines of failing.txt, such as `net/hostname #9` or a scenario's name. */
export interface Reason {
  why: string;
  steps: readonly string[];
}

/** What replaying takes from a recording instead of failing, so that nobody thinks it was computed. */
const ACCIDENTS = `One accident of the recorded machines is looked for in the recordings themselves, and every replay that needs it says so by name: the part of a pointer in the hash
that orders IPVS services (taken only when one single value explains all listings of that host). The recorded hosts were namespaces of one kernel, and are here: a module that one of
them loads is in every host, and their segments are bridges of that kernel, which flood the port added last first. The hosts of a lesson have a kernel each, and their answers race.
`;

const starts = (line: string, step: string): boolean => line === step || line.startsWith(`${step} `);

/** The chapter, lines without a reason, and reasons that no line needs any more. */
export function knownDifferences(failing: string, reasons: readonly Reason[]): { page: string; unexplained: string[]; stale: string[] } {
  const lines = failing.split('\n').filter((l) => l !== '');
  const of = (line: string): Reason | undefined => reasons.find((r) => r.steps.some((s) => starts(line, s)));
  const parts = [`## Known differences\n\n${lines.length} recorded steps differ from what is printed here. Each is named with its reason; the list is generated from the last replay.\n\n${ACCIDENTS}\n`];
  for (const r of reasons) {
    const mine = lines.filter((l) => of(l) === r);
    if (mine.length > 0) parts.push(`${r.why}\n\n${mine.map((l) => `- \`${l.replace(/`/g, "'")}\`\n`).join('')}\n`);
  }
  return {
    page: parts.join(''),
    unexplained: lines.filter((l) => of(l) === undefined),
    stale: reasons.flatMap((r) => r.steps.filter((s) => !lines.some((l) => starts(l, s)))),
  };
}
