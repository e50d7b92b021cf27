// The module that the build computes with the engine (vite.config.ts): one small chunk a lesson.
declare module 'virtual:first-screens' {
  import type { FirstScreen } from '../../lesson/first_screen';
  const screens: Record<string, () => Promise<{ default: FirstScreen }>>;
  export default screens;
}
