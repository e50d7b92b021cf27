// The module that the build computes (vite.config.ts): the first page's HTML, one small chunk for each lesson and language.
declare module 'virtual:first-pages' {
  const pages: Record<string, () => Promise<{ default: string }>>;
  export default pages;
}
