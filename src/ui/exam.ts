// An exam's clock and its end. The clock is the wall's, as in a real exam: it goes on while the page is closed, and a reload changes nothing.
import { type Exam, useLab } from './store';

let minutes = 0;
let timer = 0;

const deadline = (e: Exam): number => e.startedAt + minutes * 60_000;

/** The exam of a lesson when it is opened; `saved` is what was kept of it. Null for lessons that are none. */
export function examOf(kind: string, lasts: number, saved: Exam | undefined): Exam | null {
  clearInterval(timer);
  if (kind !== 'exam') return null;
  minutes = lasts;
  const e = saved ?? { startedAt: 0, ended: null, graded: false, passed: [] };
  timer = window.setInterval(watch, 500);
  return e.startedAt > 0 && e.ended === null && Date.now() >= deadline(e) ? { ...e, ended: deadline(e) } : e;
}

/** Whether steps are not judged yet, because the exam goes on. */
export function sealed(e: Exam | null = useLab.getState().exam): boolean {
  return e !== null && e.ended === null;
}

/** Milliseconds left; null before the beginning and after the end. */
export const left = (e: Exam | null, now: number): number | null => (e === null || e.startedAt === 0 || e.ended !== null ? null : Math.max(0, deadline(e) - now));

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

/** Told when all steps have been judged: the first time after the end is the result. */
export function judged(): boolean {
  const { exam, steps } = useLab.getState();
  if (exam === null || exam.ended === null || exam.graded) return false;
  useLab.setState({ exam: { ...exam, graded: true, passed: steps.filter((s) => s.state === 'passed').map((s) => s.id) } });
  return true;
}

function watch(): void {
  const e = useLab.getState().exam;
  if (e === null || e.ended !== null) clearInterval(timer);
  else if (left(e, Date.now()) === 0) endExam(deadline(e));
}
