// `lvslab run LESSON`: a lesson's lab in a real terminal. (Being written.)
export async function runLesson(_lesson: string, _seed: number): Promise<number> {
  return 0;
}
