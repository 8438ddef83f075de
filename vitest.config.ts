import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'spec/conformance/**/*.test.ts', 'tools/**/*.test.mjs'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Tests that forget to restore a spy or an environment variable must not reach the next test.
    restoreMocks: true,
    unstubEnvs: true,
  },
});
