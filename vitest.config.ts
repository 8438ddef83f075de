import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  // Programs of the examples import the package by name; tests of them take the sources, which need no build.
  resolve: {
    alias: [
      { find: /^sealwright$/, replacement: source('index.ts') },
      { find: /^sealwright\/node$/, replacement: source('node/index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'spec/conformance/**/*.test.ts', 'tools/**/*.test.mjs'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Tests that forget to restore a spy or an environment variable must not reach the next test.
    restoreMocks: true,
    unstubEnvs: true,
  },
});
