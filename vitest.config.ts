import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** Rooms of pure functions: no files, processes, servers or settings of the runtime. */
const functions = [
  'bytes',
  'cipher',
  'xrml',
  'rights',
  'license',
  'container',
  'label',
  'licensing',
  'protection',
];

export default defineConfig({
  // Programs of the examples import the package by name; tests of them take the sources, which need no build.
  resolve: {
    alias: [
      { find: /^sealwright$/, replacement: source('index.ts') },
      { find: /^sealwright\/node$/, replacement: source('node/index.ts') },
    ],
  },
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Tests that forget to restore a spy or an environment variable must not reach the next test.
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'functions',
          include: functions.map((room) => `src/${room}/**/*.test.ts`),
          // They keep nothing between calls that one test could leave to the next, and loading the library anew for
          // each file takes longer than its tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'systems',
          include: ['src/**/*.test.ts', 'spec/conformance/**/*.test.ts', 'tools/**/*.test.mjs'],
          exclude: [...configDefaults.exclude, ...functions.map((room) => `src/${room}/**`)],
        },
      },
    ],
  },
});
