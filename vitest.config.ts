import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

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
  // Programs of the examples import the package by name; tests of them take the sources, which need no build.
  resolve: {
    alias: [
      { find: /^sealwright$/, replacement: source('index.ts') },
      { find: /^sealwright\/node$/, replacement: source('node/index.ts') },
    ],
  },
  test: {
    maxWorkers,
    testTimeout: 20_000,
    hookTimeout: 60_000,
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
