// What the panes may show now (src/lesson/told.ts decides): a broken cluster and an exam keep their causes, an open prediction its answer.
import { causeTold, nextTold } from '../lesson/told';
import type { FrameView } from './engine';
import { maybeSession } from './session';
import { type LabState, useLab } from './store';
import type { TopoModel } from './topology/model';
import { openedLesson } from './work';

function cause(s: LabState): boolean {
  const shown = openedLesson()?.shown;
  if (shown === undefined) return true;
  const steps = shown.steps.map(({ id }) => ({ given: s.hints[id] ?? 0, total: shown.words.zh.steps[id]?.hints.length ?? 0, passed: s.steps.find((x) => x.id === id)?.state === 'passed' }));
  return causeTold(shown.kind, steps, s.exam !== null && s.exam.ended !== null);
}

/** Whether causes may be shown. */
export const useCause = (): boolean => useLab(cause);

/** Whether the pane may say which server comes next. */
export const useNext = (): boolean => useLab((s) => {
  const shown = openedLesson()?.shown;
  if (shown === undefined || (s.exam !== null && s.exam.ended !== null)) return true;
  const asked = shown.steps.filter((x) => s.exam !== null || (x.id === s.currentStep && s.steps.find((y) => y.id === x.id)?.state !== 'passed')).flatMap((x) => x.questions);
  return asked.length === 0 || nextTold(asked, maybeSession()?.lab.answers() ?? {});
});

/** A frame as a wire shows it: where and why it died is not on the wire. */
export const asSeen = <F extends FrameView | null>(f: F, told: boolean): F => (told || f === null || f.drop === null ? f : { ...f, drop: null });

/** The drawing as one would hang it on a wall: hosts, cables, addresses; nothing that only asking the hosts tells. */
export const asDrawn = (m: TopoModel, told: boolean): TopoModel => (told ? m : { ...m, nodes: m.nodes.map((n) => ({ ...n, vips: [], gateway: null, services: [] })) });
