// An exam on the page: begun, handed in, judged once (src/lesson/exam.ts counts). The clock is the wall's: it goes on while the page is closed, a reload changes nothing.
import type { StepResult } from '../lesson/check';
import { type ExamClock, endExam as recordOf, examClock } from '../lesson/exam';
import type { LessonShown } from './lesson/shown';
import { type Exam, useLab } from './store';

let lesson: LessonShown | null = null;
let timer = 0;

/** The exam of a lesson when it is opened; `saved` is what was kept of it. Null for lessons that are none. */
export function examOf(shown: LessonShown, saved: Exam | undefined): Exam | null {
  clearInterval(timer);
  if (shown.kind !== 'exam') return null;
  lesson = shown;
  const e = saved ?? { startedAt: 0, ended: null, record: null };
  timer = window.setInterval(watch, 500);
  const c = clockOf(e, Date.now());
  return c?.phase === 'over' ? { ...e, ended: c.deadline } : e;
}

/** Whether steps are not judged yet, because the exam goes on. */
export function sealed(e: Exam | null = useLab.getState().exam): boolean {
  return e !== null && e.ended === null;
}

/** The clock; null before the beginning and after the end. */
export const clockOf = (e: Exam | null, now: number): ExamClock | null => (e === null || lesson === null || e.startedAt === 0 || e.ended !== null ? null : examClock(lesson, e.startedAt, now));

/** 5 025 000 ms as '1:23:45'. */
export function clock(ms: number): string {
  const s = Math.ceil(ms / 1000);
  return `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
}

export function startExam(): void {
  useLab.setState((s) => (s.exam === null || s.exam.startedAt > 0 ? {} : { exam: { ...s.exam, startedAt: Date.now() } }));
}

/** The end: from here the steps are judged, once. */
export function endExam(at = Date.now()): void {
  useLab.setState((s) => (s.exam === null || s.exam.ended !== null ? {} : { exam: { ...s.exam, ended: at } }));
}

/** Told what all steps came to: the first time after the end is the result. */
export function judged(results: readonly StepResult[]): void {
  const { exam, seed } = useLab.getState();
  if (exam === null || lesson === null || exam.ended === null || exam.record !== null) return;
  useLab.setState({ exam: { ...exam, record: recordOf(lesson, seed, exam.startedAt, exam.ended, results) } });
}

function watch(): void {
  const e = useLab.getState().exam;
  if (e === null || e.ended !== null) {
    clearInterval(timer);
    return;
  }
  const c = clockOf(e, Date.now());
  if (c?.phase === 'over') endExam(c.deadline);
}
