import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8 } from '../../bytes/index.ts';
import { readKeptLicense, writeKeptLicense } from './kept-license.ts';
import { later, start, useLicense } from './license-cache.test-support.ts';

const key = 'ab'.repeat(32);
const write = (license = useLicense()): Uint8Array =>
  writeKeptLicense(key, { license, keptAt: start }) as Uint8Array;

describe('a kept license', () => {
  it('reads as it was written, with and without what is optional', () => {
    for (const license of [
      useLicense(),
      useLicense({ policy: undefined, referrer: undefined, licenseValidUntil: undefined }),
      useLicense({ templateId: '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41', contentValidUntil: later(1) }),
    ])
      expect(readKeptLicense(key, write(license))).toEqual({ license, keptAt: start });
  });

  it('gives a key of its own, also where a store gives a Buffer', () => {
    const bytes = Buffer.from(write());
    const read = readKeptLicense(key, bytes);
    bytes.fill(0);
    expect(read?.license.contentKey).toEqual(useLicense().contentKey);
  });

  it('does not spell the content key as text', () => {
    const text = new TextDecoder('latin1').decode(write().subarray(34));
    expect(text).not.toContain(btoa(String.fromCharCode(...useLicense().contentKey)));
  });

  it('is absent under another key, in another version, and where any part of it is damaged or missing', () => {
    const good = write();
    expect(readKeptLicense('cd'.repeat(32), good)).toBeUndefined();
    expect(readKeptLicense(key, Uint8Array.of(2, ...good.subarray(1)))).toBeUndefined();
    for (let length = 0; length < good.length; length++)
      expect(readKeptLicense(key, good.subarray(0, length))).toBeUndefined();
    const fields = JSON.parse(new TextDecoder().decode(good.subarray(34)));
    const required = Object.keys(fields).filter(
      (name) => !['policy', 'referrer', 'licenseValidUntil', 'contentValidUntil'].includes(name),
    );
    for (const name of required)
      for (const value of [undefined, null, 1, 'x', {}, [1], { a: 1 }]) {
        const json = encodeUtf8(JSON.stringify({ ...fields, [name]: value }));
        const read = readKeptLicense(key, concatBytes([good.subarray(0, 34), json]));
        // What is of the right kind passes: the store vouches for the value.
        if (read !== undefined) expect(typeof value).toBe(typeof fields[name]);
      }
    const policies = [null, 1, {}, { ...fields.policy, grants: [{}] }, { ...fields.policy, names: [{}] }];
    for (const policy of policies) {
      const json = encodeUtf8(JSON.stringify({ ...fields, policy }));
      expect(readKeptLicense(key, concatBytes([good.subarray(0, 34), json]))).toBeUndefined();
    }
  });

  it('is absent in any other bytes, and never an error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => !readKeptLicense(key, bytes)));
    const good = write();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = good.slice();
        changed[at] = (changed[at] as number) ^ change;
        readKeptLicense(key, changed);
      }),
    );
  });

  it('is not made of a license that is larger than any genuine one', () => {
    const license = useLicense({ encryptedApplicationData: { a: 'x'.repeat(2 ** 20) } });
    expect(writeKeptLicense(key, { license, keptAt: start })).toBeUndefined();
  });
});
