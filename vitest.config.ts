import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Rooms whose tests leave nothing behind in the process: they share one loaded library, which saves half of the time. */
const sharing = [
  'bytes',
  'cipher',
  'xrml',
  'rights',
  'license',
  'container',
  'label',
  'licensing',
  'openid',
  'msal',
  'protection',
  'authority',
  'server',
  'cli',
];

/**
 * Every processor works, where vitest by itself would leave one idle: half of the machine where there are two. No more than
 * four, because processors that a container sees are not always its own.
 */
const maxWorkers = Math.min(availableParallelism(), 4);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^fast-check$/, replacement: here('tools/testing/seeded-fast-check.mjs') },
      // Programs of the examples import the package by name; tests of them take the sources, which need no build.
      { find: /^sealwright$/, replacement: here('src/index.ts') },
      { find: /^sealwright\/node$/, replacement: here('src/node/index.ts') },
    ],
  },
  test: {
    maxWorkers,
    // Ends what hangs. Nothing that works comes near, on slow or busy machines either.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Tests that forget to restore a spy or an environment variable must not reach the next test.
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: sharing.map((room) => `src/${room}/**/*.test.ts`),
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['src/**/*.test.ts', 'spec/conformance/**/*.test.ts', 'tools/**/*.test.mjs'],
          exclude: [...configDefaults.exclude, ...sharing.map((room) => `src/${room}/**`)],
        },
      },
    ],
  },
});
