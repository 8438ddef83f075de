import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../errors.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

const subject = { what: 'test record', code: 'MALFORMED_CONTAINER' } as const;

describe('ByteReader', () => {
  it('reads back whatever ByteWriter wrote', () => {
    const field = fc.oneof(
      fc.record({ kind: fc.constant('uint16' as const), value: fc.nat(0xffff) }),
      fc.record({ kind: fc.constant('uint32' as const), value: fc.nat(0xffff_ffff) }),
      fc.record({ kind: fc.constant('uint64' as const), value: fc.bigInt(0n, 0xffff_ffff_ffff_ffffn) }),
      fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 40 }) }),
    );
    fc.assert(
      fc.property(fc.array(field), fc.nat(9), (fields, shift) => {
        const writer = new ByteWriter().bytes(new Uint8Array(shift));
        for (const { kind, value } of fields) {
          if (kind === 'uint16') writer.uint16(value);
          else if (kind === 'uint32') writer.uint32(value);
          else if (kind === 'uint64') writer.uint64(value);
          else writer.bytes(value);
        }
        const bytes = writer.toBytes();
        expect(bytes).toHaveLength(writer.length);
        // Read through a view that does not start at its buffer's first byte.
        const reader = new ByteReader(bytes.subarray(shift), subject);
        for (const { kind, value } of fields) {
          if (kind === 'bytes') expect(reader.bytes(value.length, 'field')).toEqual(value);
          else expect(reader[kind]('field')).toBe(value);
        }
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  it('refuses to read past the end, wherever the end is, and stays where it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.integer({ min: -5, max: 30 }), (bytes, length) => {
        const reader = new ByteReader(bytes, subject);
        if (length >= 0 && length <= bytes.length) expect(reader.bytes(length, 'x')).toHaveLength(length);
        else {
          expect(() => reader.bytes(length, 'x')).toThrow(SealwrightError);
          expect(reader.position).toBe(0);
        }
      }),
    );
    for (const kind of ['uint8', 'uint16', 'uint32', 'uint64'] as const)
      expect(() => new ByteReader(new Uint8Array(0), subject)[kind]('count')).toThrow(
        'it ends inside the count',
      );
  });

  it('says what is wrong, where, and with which code', () => {
    const reader = new ByteReader(new Uint8Array(4), subject);
    reader.uint16('version');
    expect(() => reader.uint32('length')).toThrow(
      expect.objectContaining({
        code: 'MALFORMED_CONTAINER',
        message: 'The test record is damaged: it ends inside the length.',
        details: { offset: 2 },
      }),
    );
    expect(reader.bounded(5, 5, 'length')).toBe(5);
    expect(() => reader.bounded(6, 5, 'length')).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
    expect(() => reader.bounded(Number.NaN, 5, 'length')).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });
});
