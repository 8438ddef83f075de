import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks, runSideBySide, selected } from './run-checks.mjs';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Runs `chosen` and gives the outcomes, the order of beginnings and endings, and how many ran at once. */
async function trial(chosen, atOnce, failing = []) {
  const events = [];
  let running = 0;
  let most = 0;
  const outcomes = await runSideBySide(chosen, atOnce, async ({ script }) => {
    events.push(`begin ${script}`);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    events.push(`end ${script}`);
    return !failing.includes(script);
  });
  return { outcomes: Object.fromEntries(outcomes), events, most };
}

describe('the checks', () => {
  it('are scripts of package.json, each named after what it waits for', () => {
    const seen = [];
    for (const { script, after = [], needing = [] } of checks) {
      expect(scripts).toHaveProperty([script]);
      expect(seen).toEqual(expect.arrayContaining([...after, ...needing]));
      seen.push(script);
    }
  });

  it('come with what they need when they are asked for by name', () => {
    expect(selected(['bundles']).map(({ script }) => script)).toEqual(['build', 'bundles']);
    expect(selected([], ['lint']).map(({ script }) => script)).not.toContain('lint');
    expect(() => selected(['everything'])).toThrow('there is no check everything');
  });
});

describe('running side by side', () => {
  const chosen = [
    { script: 'first' },
    { script: 'build', after: ['first'] },
    { script: 'look', needing: ['build'] },
    { script: 'apart' },
  ];

  it('uses every place, and begins nothing before what it waits for is over', async () => {
    const { outcomes, events, most } = await trial(chosen, 2);
    expect(most).toBe(2);
    expect(events.indexOf('begin build')).toBeGreaterThan(events.indexOf('end first'));
    expect(events.indexOf('begin look')).toBeGreaterThan(events.indexOf('end build'));
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['passed']));
  });

  it('runs one at a time where there is room for one', async () => {
    expect((await trial(chosen, 1)).most).toBe(1);
  });

  it('leaves out what needs something that failed, and runs everything else', async () => {
    expect((await trial(chosen, 2, ['first', 'build'])).outcomes).toEqual({
      first: 'failed',
      build: 'failed',
      look: 'not run',
      apart: 'passed',
    });
  });

  it('does not wait for what was left out on purpose', async () => {
    const { outcomes } = await trial(
      chosen.filter(({ script }) => script !== 'build'),
      2,
    );
    expect(outcomes).toEqual({ first: 'passed', look: 'passed', apart: 'passed' });
  });
});
