// The modules that the build computes from the course (vite.config.ts): its index, and one chunk a lesson.
declare module 'virtual:course' {
  import type { LessonText } from '../lesson/instantiate';
  const lessons: Record<string, () => Promise<{ default: { text: LessonText | null; problems: string[] } }>>;
  export default lessons;
}
declare module 'virtual:course/_index' {
  import type { CourseIndex } from '../lesson/course_index';
  const index: CourseIndex;
  export default index;
}
