// Builds the app (vite build), the command line (vite build --ssr src/cli/main.ts --outDir dist-cli), and runs the tests beside the code (vitest).
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Relative addresses, so that any static host and any folder serves the page.
  base: './',
  plugins: [react()],
  build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1', port: 4173 },
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 120_000, passWithNoTests: true },
});
