import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { readPropertySets } from './read.ts';
import { realPropertySets, samplesPresent } from './real-property-sets.test-support.ts';
import { userProperties, withUserProperties } from './user-properties.ts';
import { writePropertySets } from './write.ts';

/** Values that break length arithmetic more often than random ones do. */
const telling = [0, 1, 2, 8, 0x7f, 0xff, 0x0fff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff];

const mutation = fc.record({
  changes: fc.array(fc.tuple(fc.nat(400), fc.oneof(fc.nat(255), fc.constantFrom(...telling))), {
    maxLength: 6,
  }),
  keep: fc.double({ min: 0, max: 1.4, noNaN: true }),
});

function check(originals: readonly Uint8Array[], numRuns: number): void {
  fc.assert(
    fc.property(fc.nat(originals.length - 1), mutation, (which, { changes, keep }) => {
      const original = originals[which] as Uint8Array;
      const bytes = original.slice(0, Math.ceil(original.length * Math.min(1, keep)));
      const view = new DataView(bytes.buffer);
      for (const [at, value] of changes) {
        if (at % 4 === 0 && at + 4 <= bytes.length) view.setUint32(at, value, true);
        else if (at < bytes.length) bytes[at] = value;
      }
      try {
        const sets = readPropertySets(bytes);
        const written = writePropertySets(sets);
        // Nothing in a stream is counted twice.
        expect(written.length).toBeLessThanOrEqual(2 * bytes.length + 8 * bytes.length);
        expect(writePropertySets(readPropertySets(written))).toEqual(written);
        const pairs = userProperties(bytes);
        const added = withUserProperties(bytes, [...pairs, ['Added', 'value']]);
        expect(userProperties(added)).toContainEqual(['Added', 'value']);
      } catch (error) {
        if (!(error instanceof SealwrightError)) throw error;
        expect(['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED', 'INVALID_ARGUMENT']).toContain(error.code);
      }
    }),
    { numRuns },
  );
}

describe('a property set with changed or cut bytes', () => {
  it('reads as it stands or gives a typed error', { timeout: 20_000 }, () => {
    check(
      [
        withUserProperties(undefined, [
          ['MSIP_Label_10000000-0000-4000-8000-000000000001_Enabled', 'true'],
          ['MSIP_Label_10000000-0000-4000-8000-000000000001_Name', 'Überlegung'],
        ]),
        withUserProperties(undefined, [['名', '機密']]),
      ],
      2000,
    );
  });

  it.skipIf(!samplesPresent)(
    'reads as it stands or gives a typed error (real files, skipped without ../shared/data)',
    { timeout: 30_000 },
    () =>
      check(
        realPropertySets().map(({ bytes }) => bytes),
        2000,
      ),
  );
});
