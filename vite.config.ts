// Builds the app (vite build), the command line (vite build --ssr src/cli/main.ts --outDir dist-cli), and runs the tests beside the code (vitest).
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** `virtual:first-screens`: what each lesson's page shows before the engine has come, computed by the engine (src/cli/first_screen.ts). */
function firstScreens(): Plugin {
  const NAME = 'virtual:first-screens';
  let made: Promise<Record<string, unknown>> | null = null;
  const compute = async (): Promise<Record<string, unknown>> => {
    const outDir = mkdtempSync(join(import.meta.dirname, 'node_modules', '.first-'));
    try {
      await build({ configFile: false, logLevel: 'error', build: { ssr: join(import.meta.dirname, 'src/cli/first_screen.ts'), outDir, emptyOutDir: true, rolldownOptions: { output: { entryFileNames: 'first.mjs' } } } });
      const engine = (await import(pathToFileURL(join(outDir, 'first.mjs')).href)) as { firstScreens(): Record<string, unknown> };
      return engine.firstScreens();
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
  };
  return {
    name: 'lvslab:first-screens',
    resolveId: (id) => (id === NAME || id.startsWith(`${NAME}/`) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${NAME}`)) return undefined;
      made ??= compute();
      const screens = await made;
      const lesson = id.slice(NAME.length + 2);
      if (lesson !== '') return `export default ${JSON.stringify(screens[lesson])}`;
      return `export default {${Object.keys(screens).map((k) => `${JSON.stringify(k)}: () => import(${JSON.stringify(`${NAME}/${k}`)})`).join(',')}}`;
    },
  };
}

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

export default defineConfig({
  // Relative addresses, so that any static host and any folder serves the page.
  base: './',
  plugins: [react(), firstScreens(), earlyLessons()],
  build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1', port: 4173 },
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 120_000, passWithNoTests: true },
});
