import { describe, expect, it } from 'vitest';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import { definePolicy } from '../rights/index.ts';
import { createAuthority, createMemoryStore } from './index.ts';
import type { OwnLicense } from './own-license.ts';
import { recentLicenses } from './recent-licenses.ts';

const bytes = (n: number, length = 10) => new Uint8Array(length).fill(n);
const license = (n: number) =>
  ({
    contentId: String(n),
    signedApplicationData: {},
    sealed: { cipherMode: 'MICROSOFT.CBC4K' },
  }) as unknown as OwnLicense;

/** Which of `asked` had to be read. */
function readOf(recent: ReturnType<typeof recentLicenses>, asked: readonly Uint8Array[]): number[] {
  const read: number[] = [];
  for (const each of asked)
    recent.get(each, () => {
      read.push(each[0]!);
      return license(each[0]!);
    });
  return read;
}

describe('licenses that were shown lately', () => {
  it('are kept when they are shown a second time, and read again when others took their place', () => {
    const recent = recentLicenses({ licenses: 2, bytes: 1000, once: 100 });
    const asked = (...numbers: number[]) =>
      readOf(
        recent,
        numbers.map((n) => bytes(n)),
      );
    expect(asked(1, 2)).toEqual([1, 2]);
    expect(asked(1, 1, 2, 1, 2)).toEqual([1, 2]);
    expect(asked(3, 3, 3)).toEqual([3, 3]);
    expect(asked(2, 3, 1)).toEqual([1]);
  });

  it('are forgotten where many others were shown since, and none a second time', () => {
    const recent = recentLicenses({ licenses: 100, bytes: 1000, once: 2 });
    const asked = [1, 2, 3, 1, 1, 3, 3].map((n) => bytes(n));
    expect(readOf(recent, asked)).toEqual([1, 2, 3, 1, 1, 3]);
  });

  it('are kept within a number of bytes, and not at all if one alone has more', () => {
    const recent = recentLicenses({ licenses: 100, bytes: 25, once: 100 });
    const asked = [1, 1, 2, 2, 3, 3, 3, 2, 1].map((n) => bytes(n));
    expect(readOf(recent, asked)).toEqual([1, 1, 2, 2, 3, 3, 1]);
    expect(
      readOf(
        recent,
        [9, 9, 9].map((n) => bytes(n, 26)),
      ),
    ).toEqual([9, 9, 9]);
  });

  it('are read again if that failed', () => {
    const recent = recentLicenses();
    const fail = () => {
      throw new Error('on purpose');
    };
    expect(() => recent.get(bytes(1), fail)).toThrow('on purpose');
    expect(readOf(recent, [bytes(1)])).toEqual([1]);
  });

  it('give everyone their own answer: what one caller changes, the next one does not see', async () => {
    const authority = await createAuthority({
      store: createMemoryStore(),
      custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
      now: () => new Date('2026-05-04T10:00:00Z'),
    });
    const policy = definePolicy({
      grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'VIEWRIGHTSDATA'] }],
      validFrom: new Date('2026-05-01T00:00:00Z'),
      validUntil: new Date('2026-06-01T00:00:00Z'),
      encryptedApplicationData: { a: 'b' },
    });
    const { publishingLicense } = await authority.as('alice@contoso.com').publish({ policy });
    const bob = authority.as('bob@contoso.com');
    const first = await bob.acquireUseLicense(publishingLicense);
    const expected = structuredClone(first);
    first.contentKey.fill(0);
    for (const date of [first.contentValidUntil, first.policy?.validFrom, first.policy?.validUntil])
      date?.setTime(0);
    for (const list of [first.rights, first.policy?.grants, first.policy?.grants[0]?.rights])
      expect(() => (list as unknown[]).push('X')).toThrow(TypeError);
    for (const pairs of [first.encryptedApplicationData, first.signedApplicationData])
      expect(() => Object.assign(pairs, { a: 'c' })).toThrow(TypeError);
    for (let again = 0; again < 3; again++)
      expect(structuredClone(await bob.acquireUseLicense(publishingLicense))).toEqual(expected);
  });

  it('are refused when they were changed by one character, however often the right one was shown', async () => {
    const authority = await createAuthority({
      store: createMemoryStore(),
      custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
    });
    const policy = definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });
    const { publishingLicense } = await authority.as('alice@contoso.com').publish({ policy });
    const bob = authority.as('bob@contoso.com');
    for (let shown = 0; shown < 3; shown++) await bob.acquireUseLicense(publishingLicense);
    const changed = new TextDecoder().decode(publishingLicense).replace('alice@', 'elice@');
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(bob.acquireUseLicense(new TextEncoder().encode(changed))).rejects.toMatchObject({
        code: 'UNTRUSTED_LICENSE',
      });
  });
});
