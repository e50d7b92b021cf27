// What a lesson's page shows before the engine has come: names of hosts, what their terminals hold when the lab has booted, titles. Computed by the
// engine itself while the page is built (and drawn then, ui/first/markup.tsx); the live lab takes its place, whatever it says.
import { instantiate } from './instantiate';
import { loadLesson } from './load';
import { startLesson } from './topology_of';

export interface FirstScreen {
  title: { zh: string; en: string };
  minutes: number;
  /** Reading comes before typing: a narrow screen shows its words first. */
  reads: boolean;
  steps: { zh: string; en: string }[];
  /** Hosts in order, with the bytes of their first terminal. */
  hosts: { name: string; role: string; text: string }[];
}

/** A lesson's first screen with its own example addresses (seed 0); null when the lesson has problems. */
export function firstScreenOf(files: Record<string, string>, folder: string): (FirstScreen & { id: string }) | null {
  const { lesson: loaded, problems } = loadLesson(files, folder);
  if (loaded === null || problems.length > 0) return null;
  const { lesson, words } = instantiate(loaded, 0);
  const lab = startLesson(lesson, 0);
  return {
    id: lesson.id, title: { zh: words.zh.title, en: words.en.title }, minutes: lesson.minutes, reads: lesson.kind === 'quiz' || lesson.kind === 'exam',
    steps: lesson.steps.map((s) => ({ zh: words.zh.steps[s.id]?.title ?? s.id, en: words.en.steps[s.id]?.title ?? s.id })),
    hosts: lab.topology.hosts.map((h) => ({ name: h.name, role: h.role ?? '', text: lab.terminalOutput(h.name, 0, 0).bytes })),
  };
}
