// `lvslab lesson test`: the course proves itself. (Being written.)
export function lessonTest(_folders: readonly string[], _seeds: number): number {
  return 0;
}
