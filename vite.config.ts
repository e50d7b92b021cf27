// Builds the app (vite build), the command line (vite build --ssr src/cli/main.ts --outDir dist-cli), and runs the tests beside the code (vitest).
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

interface Engine { firstScreens(): Record<string, unknown>; courseData(): { index: unknown; lessons: Record<string, unknown> } }
let engine: Promise<Engine> | null = null;

/** What the build computes with the engine itself: src/cli/first_screen.ts and src/cli/course_data.ts, built once and run. */
async function runEngine(): Promise<Engine> {
  const outDir = mkdtempSync(join(import.meta.dirname, 'node_modules', '.engine-'));
  try {
    const input = { first: join(import.meta.dirname, 'src/cli/first_screen.ts'), course: join(import.meta.dirname, 'src/cli/course_data.ts') };
    await build({ configFile: false, logLevel: 'error', build: { ssr: true, outDir, emptyOutDir: true, rolldownOptions: { input, output: { entryFileNames: '[name].mjs' } } } });
    const [first, course] = (await Promise.all(['first', 'course'].map((n) => import(pathToFileURL(join(outDir, `${n}.mjs`)).href)))) as [Engine, Engine];
    const [screens, data] = [first.firstScreens(), course.courseData()];
    return { firstScreens: () => screens, courseData: () => data };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** A virtual module `name` whose parts are chunks of their own: `name` maps a part to its import, `name/PART` is that part. */
function parts(name: string, compute: (e: Engine) => Record<string, unknown>): Plugin {
  return {
    name: `lvslab:${name.slice('virtual:'.length)}`,
    resolveId: (id) => (id === name || id.startsWith(`${name}/`) ? `\0${id}` : undefined),
    // A lesson saved while the page is open (npm run dev) is compiled anew.
    handleHotUpdate({ file, server }) {
      if (!/[\\/]lessons[\\/]/.test(file)) return;
      engine = null;
      for (const [id, m] of server.moduleGraph.idToModuleMap) if (id.startsWith(`\0${name}`)) server.moduleGraph.invalidateModule(m);
      server.ws.send({ type: 'full-reload' });
    },
    async load(id) {
      if (!id.startsWith(`\0${name}`)) return undefined;
      engine ??= runEngine();
      const all = compute(await engine);
      const part = id.slice(name.length + 2);
      if (part !== '') return `export default ${JSON.stringify(all[part])}`;
      return `export default {${Object.keys(all).map((k) => `${JSON.stringify(k)}: () => import(${JSON.stringify(`${name}/${k}`)})`).join(',')}}`;
    },
  };
}
/** What each lesson's page shows before the engine has come. */
const firstScreens = (): Plugin => parts('virtual:first-screens', (e) => e.firstScreens());
/** The course: `index` for the catalogue, and every lesson validated, by its id. */
const course = (): Plugin => parts('virtual:course', (e) => ({ _index: e.courseData().index, ...e.courseData().lessons }));

/** A lesson's address is behind the #, so the page itself asks early for what its first screen needs: those chunks, their style and the terminal's face. */
function earlyLessons(): Plugin {
  return {
    name: 'lvslab:early-lessons',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (bundle === undefined) return html;
        const chunks = Object.values(bundle).filter((c) => c.type === 'chunk');
        const first = chunks.find((c) => c.facadeModuleId?.endsWith('/first/FirstPage.tsx'));
        if (first === undefined) return html;
        const need = new Set<string>();
        const styles = new Set<string>();
        const walk = (file: string): void => {
          const c = bundle[file];
          if (need.has(file) || c?.type !== 'chunk') return;
          need.add(file);
          for (const f of c.viteMetadata?.importedCss ?? []) styles.add(f);
          for (const f of c.imports) walk(f);
        };
        walk(first.fileName);
        const words = Object.fromEntries(['zh', 'en'].map((l) => [l, chunks.find((c) => c.facadeModuleId?.endsWith(`/i18n/${l}.json`))?.fileName]));
        const already = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((m) => m[1]!);
        const face = Object.keys(bundle).find((f) => /jetbrains-mono-latin-wght-normal.*woff2$/.test(f));
        const lessons = Object.fromEntries(chunks.filter((c) => c.facadeModuleId?.startsWith('\0virtual:first-screens/')).map((c) => [c.facadeModuleId!.slice('\0virtual:first-screens/'.length), c.fileName]));
        const script = `(function(){var h=/^#\\/lesson\\/([a-z0-9-]+)/.exec(location.hash);if(!h)return;var f=${JSON.stringify(lessons)}[h[1]];function p(r,u,a){var l=document.createElement('link');l.rel=r;l.href='./'+u;if(a)l.as=a;if(r!=='stylesheet')l.crossOrigin='';document.head.appendChild(l)}${JSON.stringify([...need].filter((f) => !already.includes(f)))}.concat(f?[f]:[],${JSON.stringify(words)}[document.documentElement.lang.slice(0,2)]||[]).forEach(function(u){p('modulepreload',u)});${JSON.stringify([...styles].filter((f) => !already.includes(f)))}.forEach(function(u){p('stylesheet',u)});${JSON.stringify(face ? [face] : [])}.forEach(function(u){p('preload',u,'font')})})()`;
        // Before the first style: a script behind one would wait for it.
        return html.replace('<link rel="icon"', `<script>${script}</script>\n<link rel="icon"`);
      },
    },
  };
}

/** What every page begins with, and what a lesson's terminals need, in one file each: a first page of a dozen small files waits for connections. */
const FIRST = [
  { name: 'base', priority: 2, test: /\/node_modules\/(?:react|react-dom|scheduler|i18next|react-i18next|zustand|use-sync-external-store|idb-keyval)\/|\/src\/ui\/(?:store|prefs|persist|route|i18n\/i18n|parts\/(?:icons|TopBar|Crash))\.tsx?$|vite\/preload-helper/ },
  { name: 'screen', priority: 1, test: /\/node_modules\/@xterm\/(?:xterm|addon-fit)\/|\/src\/ui\/(?:first\/early\.ts|terminal\/(?:xterm\.ts|prompt\.ts|terminal\.module\.css)|lab\/geometry\.ts)/ },
];

export default defineConfig({
  // Relative addresses, so that any static host and any folder serves the page.
  base: './',
  plugins: [react(), firstScreens(), course(), earlyLessons()],
  build: { target: 'es2022', chunkSizeWarningLimit: 1500, rolldownOptions: { output: { codeSplitting: { groups: FIRST } } } },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1', port: 4173 },
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 120_000, passWithNoTests: true },
});
