// Builds the app (vite build), the command line (vite build --ssr src/cli/main.ts --outDir dist-cli), and runs the tests beside the code (vitest).
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

interface Engine { pages: Record<string, string>; course: Record<string, unknown> }
interface Made { firstScreens(): Record<string, never>; firstPages(screens: Record<string, never>): Promise<Record<string, string>>; courseData(): { index: unknown; lessons: Record<string, unknown> } }
let engine: Promise<Engine> | null = null;

/** What the build computes with the engine itself: src/cli/first_screen.ts, drawn by src/ui/first/markup.tsx, and src/cli/course_data.ts; built once and run. */
async function runEngine(): Promise<Engine> {
  const outDir = mkdtempSync(join(import.meta.dirname, 'node_modules', '.engine-'));
  try {
    const input = Object.fromEntries(['cli/first_screen.ts', 'cli/course_data.ts', 'ui/first/markup.tsx'].map((f, n) => [n, join(import.meta.dirname, 'src', f)]));
    await build({ configFile: false, logLevel: 'error', plugins: [react()], build: { ssr: true, outDir, emptyOutDir: true, rolldownOptions: { input, output: { entryFileNames: '[name].mjs' } } } });
    const made: Made = Object.assign({}, ...(await Promise.all([0, 1, 2].map((n) => import(pathToFileURL(join(outDir, `${n}.mjs`)).href)))));
    const { index, lessons } = made.courseData();
    return { pages: await made.firstPages(made.firstScreens()), course: { _index: index, ...lessons } };
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
/** What each lesson's page shows before any of the lab's scripts, in both languages. */
const firstPages = (): Plugin => parts('virtual:first-pages', (e) => e.pages);
/** The course: `_index` for the catalogue, and every lesson validated, by its id. */
const course = (): Plugin => parts('virtual:course', (e) => e.course);

/** Which page is asked for stands behind the #, so the page itself asks early for what its own first picture needs: a lesson's first page and the terminal's face, or the app. */
function early(): Plugin {
  return {
    name: 'lvslab:early',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (bundle === undefined) return html;
        const chunks = Object.values(bundle).filter((c) => c.type === 'chunk');
        const app = new Set<string>();
        const walk = (file: string | undefined): void => {
          const c = file === undefined ? undefined : bundle[file];
          if (c?.type !== 'chunk' || app.has(c.fileName)) return;
          app.add(c.fileName);
          for (const f of c.imports) walk(f);
        };
        walk(chunks.find((c) => c.facadeModuleId?.endsWith('/ui/start.tsx'))?.fileName);
        const already = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((m) => m[1]!);
        const words = Object.fromEntries(['zh', 'en'].map((l) => [l, chunks.find((c) => c.facadeModuleId?.endsWith(`/i18n/${l}.json`))?.fileName]));
        const face = Object.keys(bundle).find((f) => /jetbrains-mono-latin-wght-normal.*woff2$/.test(f));
        const PAGES = '\0virtual:first-pages/';
        const pages = Object.fromEntries(chunks.filter((c) => c.facadeModuleId?.startsWith(PAGES)).map((c) => [c.facadeModuleId!.slice(PAGES.length), c.fileName]));
        const script = `(function(){var l=document.documentElement.lang.slice(0,2),h=/^#\\/lesson\\/([a-z0-9-]+)/.exec(location.hash)||/^#\\/(sandbox)/.exec(location.hash),f=h&&${JSON.stringify(pages)}[h[1]+'.'+l];function p(r,u,a){var k=document.createElement('link');k.rel=r;k.href='./'+u;if(a)k.as=a;k.crossOrigin='';document.head.appendChild(k)}(f?[f]:${JSON.stringify([...app].filter((f) => !already.includes(f)))}.concat(${JSON.stringify(words)}[l]||[])).forEach(function(u){p('modulepreload',u)});if(h)${JSON.stringify(face ? [face] : [])}.forEach(function(u){p('preload',u,'font')})})()`;
        // Before the first style: a script behind one would wait for it.
        return html.replace('<link rel="icon"', `<script>${script}</script>\n<link rel="icon"`);
      },
    },
  };
}

/** What a lesson's first page needs, what every screen needs, and what terminals need, in one file each: a page of a dozen small files waits for connections. */
const FIRST = [
  { name: 'first', priority: 3, test: /\/node_modules\/idb-keyval\/|\/src\/ui\/(?:prefs|persist|route|lab\/geometry|first\/(?:page|typed))\.ts|vite\/preload-helper|virtual:first-pages$/ },
  { name: 'base', priority: 2, test: /\/node_modules\/(?:react|react-dom|scheduler|i18next|react-i18next|zustand|use-sync-external-store)\/|\/src\/ui\/(?:start|app|store|i18n\/i18n|parts\/(?:icons|TopBar|Crash))\.tsx?$/ },
  { name: 'screen', priority: 1, test: /\/node_modules\/@xterm\/(?:xterm|addon-fit)\/|\/src\/ui\/terminal\/(?:xterm\.ts|prompt\.ts|terminal\.module\.css)/ },
];

export default defineConfig({
  // Relative addresses, so that any static host and any folder serves the page.
  base: './',
  plugins: [react(), firstPages(), course(), early()],
  // A const of a module stays one (and is not made a var): the browser's compiler then takes what it holds for granted, a tenth of a packet's time.
  build: { target: 'es2022', chunkSizeWarningLimit: 1500, rolldownOptions: { output: { topLevelVar: false, codeSplitting: { groups: FIRST } } } },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1', port: 4173 },
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 120_000, passWithNoTests: true },
});
