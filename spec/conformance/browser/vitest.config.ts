import { defineConfig } from 'vitest/config';

/** Apart from `npm test`, because it needs a Chromium: `npm run test:browser`. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.browser.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
