import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SealwrightError } from '../../src/index.ts';
import { contentId, granted, licenseOf } from '../../src/licensing/rest/rest.test-support.ts';
import { clientAnswered } from './rest-client-answered.ts';

// Answers with members changed at random: a right result or a typed error (spec/rest.md, "Reading answers").

const bob = 'bob@contoso.com';
let license: Uint8Array;

beforeAll(async () => {
  license = await licenseOf('https://rms.contoso.com/_wmcs/licensing');
});

const acquire = (json: unknown, status?: number) =>
  clientAnswered(json, status).service.acquireUseLicense(license);

describe('answers that somebody tampered with', () => {
  const base = {
    ...granted,
    Policy: {
      AllowAuditedExtraction: true,
      UserRights: [{ Users: [bob], Rights: ['VIEW'] }],
      IntervalTimeInDays: 7,
    },
    Sealwright: { OfflineDays: 7, Names: [{ Lcid: 1033, Name: 'x', Description: 'y' }] },
  };
  const paths = pathsIn(base);

  it('give a license that fits the bounds, or a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constant(undefined))), {
          minLength: 1,
          maxLength: 3,
        }),
        async (changes) => {
          const answer = changes.reduce<unknown>((json, [path, value]) => changed(json, path, value), base);
          try {
            const use = await acquire(answer);
            expect([16, 24, 32]).toContain(use.contentKey.length);
            expect(use.contentId).toBe(`{${contentId}}`);
            expect(use.rights.some((right) => right === 'VIEW' || right === 'OWNER')).toBe(true);
            for (const date of [use.contentValidUntil, use.licenseValidUntil])
              expect(date === undefined || !Number.isNaN(date.getTime())).toBe(true);
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
            expect(['MALFORMED_ANSWER', 'ACCESS_DENIED', 'UNSUPPORTED_CIPHER_MODE']).toContain(error.code);
            expect(error.message.length).toBeLessThan(2000);
          }
        },
      ),
      { numRuns: 600, seed: 20260504 },
    );
  });

  it('give a typed error for any error body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 201, max: 599 }), fc.jsonValue(), async (status, json) => {
        await expect(acquire(json, status)).rejects.toBeInstanceOf(SealwrightError);
      }),
      { numRuns: 150, seed: 20260504 },
    );
  });
});

/** Paths of every member and entry of a JSON value. */
function pathsIn(json: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof json !== 'object' || json === null) return [at];
  const below = Object.entries(json).flatMap(([key, value]) => pathsIn(value, [...at, key]));
  return at.length === 0 ? below : [at, ...below];
}

/** `json` with another value at `path`. */
function changed(json: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof json !== 'object' || json === null) return json;
  const copy = (Array.isArray(json) ? [...json] : { ...json }) as Record<string, unknown>;
  copy[key] = changed(copy[key], rest, value);
  return copy;
}
