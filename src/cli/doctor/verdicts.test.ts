import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cloudEndpoints } from './endpoint-table.ts';
import { doctorTargets } from './targets.ts';
import { type VerdictMeaning, verdicts } from './verdicts.ts';

const spec = readFileSync(new URL('../../../spec/doctor.md', import.meta.url), 'utf8');
const all = Object.entries(verdicts) as [string, VerdictMeaning][];

describe('verdicts', () => {
  it.each(all)('%s stands in spec/doctor.md as it is', (name, { check, state, means }) => {
    expect(spec).toContain(`| \`${name}\` | ${check} | ${state} | ${means} |`);
  });

  it.each(all.filter(([, { state }]) => state === 'failed' || state === 'warning'))(
    '%s says what to do',
    (_, { advice }) => {
      expect(advice).toMatch(/\.$/);
    },
  );
});

describe('doctorTargets', () => {
  const origins = (...args: Parameters<typeof doctorTargets>) =>
    doctorTargets(...args).map(({ url }) => url.host);

  it('takes a service alone, a cloud alone, or both without naming a host twice', () => {
    const service = new URL('https://rms.contoso.com');
    expect(origins(service, undefined)).toEqual(['rms.contoso.com']);
    expect(origins(undefined, 'china')).toEqual(['api.aadrm.cn', 'login.partner.microsoftonline.cn']);
    expect(origins(new URL('https://api.aadrm.cn/my/v2'), 'china')).toHaveLength(2);
    expect(origins(service, 'commercial')).toContain('api.aadrm.com');
  });

  it('leaves out what only labels and administration need, unless all is asked for', () => {
    expect(origins(undefined, 'commercial')).not.toContain('admin.na.aadrm.com');
    expect(origins(undefined, 'commercial', { all: true })).toContain('admin.na.aadrm.com');
  });

  it('has the entry of every cloud, and shows a token to none of them', () => {
    for (const cloud of ['commercial', 'us-government', 'china'] as const) {
      const targets = doctorTargets(undefined, cloud);
      expect(targets.filter(({ entry }) => entry)).toHaveLength(1);
      expect(targets.some(({ own }) => own)).toBe(false);
    }
  });
});

describe('cloudEndpoints', () => {
  it.each(cloudEndpoints.map(({ pattern, host, cloud }) => [cloud, pattern, host] as const))(
    '%s %s stands in spec/doctor.md, and its host fits',
    (_, pattern, host) => {
      expect(spec).toContain(`\`${pattern}\``);
      if (host !== undefined) {
        const expression = pattern.replaceAll('.', '\\.').replace('*', '.+').replace('{region}', '\\w+');
        expect(host).toMatch(new RegExp(`^${expression}$`));
      }
    },
  );
});
