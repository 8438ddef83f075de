import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { type ByteSource, sliceSource } from '../bytes/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import { inspect, open, protect, removeProtection, reprotect } from './index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
const alice = authority.as('alice@contoso.com');
const bob = authority.as('bob@contoso.com');
const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }] };
const plaintext = Uint8Array.from({ length: 200_001 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const chunked = (bytes: Uint8Array, size: number): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
};

describe('protecting and opening', () => {
  it('gives a person with rights the content and the rights', async () => {
    const file = await protect(plaintext, { service: alice, policy, name: 'report.txt' });
    expect(file).toMatchObject({
      name: 'report.ptxt',
      cipherMode: 'SEALWRIGHT.GCM64K',
      owner: 'alice@contoso.com',
    });
    const bytes = await file.bytes();
    expect(bytes.length).toBe(file.size);
    const opened = await open(bytes, { service: bob, name: 'report.ptxt' });
    expect(opened).toMatchObject({
      name: 'report.txt',
      rights: ['VIEW', 'PRINT'],
      size: plaintext.length,
      authenticated: true,
    });
    expect(same(await opened.bytes(), plaintext)).toBe(true);
    expect(await opened.read(65_530, 20)).toEqual(plaintext.subarray(65_530, 65_550));
    expect(opened.may('print')).toBe(true);
    expect(() => opened.require('EXTRACT')).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }));
  });

  it.each([
    'MICROSOFT.CBC4K',
    'MICROSOFT.CBC4K.NOPADDING',
    'MICROSOFT.CBC512.NOPADDING',
    'MICROSOFT.ECB',
    'SEALWRIGHT.GCM64K',
  ] as const)(
    'works in the mode %s from bytes, blobs and streams, for every kind of length',
    async (cipherMode) => {
      for (const length of [cipherMode.endsWith('4K') ? 0 : 1, 16, 4096, 65_536, 65_537, 200_001]) {
        const content = plaintext.slice(0, length);
        const file = await protect(new Blob([content as Uint8Array<ArrayBuffer>]), {
          service: alice,
          policy,
          name: 'a.bin',
          cipherMode,
        });
        const bytes = await file.bytes();
        expect(same(await (await open(chunked(bytes, 1000), { service: bob })).bytes(), content)).toBe(true);
        expect(
          same(
            await (await open(new Blob([bytes as Uint8Array<ArrayBuffer>]), { service: bob })).bytes(),
            content,
          ),
        ).toBe(true);
      }
    },
  );

  it('protects a stream of unknown length', async () => {
    const file = await protect(chunked(plaintext, 777), { service: alice, policy, name: 'upload.bin' });
    expect(file.size).toBeUndefined();
    const opened = await open(await file.bytes(), { service: bob });
    expect(same(await opened.bytes(), plaintext)).toBe(true);
  });

  it('refuses an empty content in a mode without padding, where it would look like a file that was cut', async () => {
    const file = await protect(new Uint8Array(0), { service: alice, policy, cipherMode: 'MICROSOFT.ECB' });
    await expect(file.bytes()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('refuses a stream of unknown length in a mode that needs the size', async () => {
    const file = await protect(chunked(plaintext, 777), {
      service: alice,
      policy,
      cipherMode: 'MICROSOFT.ECB',
    });
    await expect(file.bytes()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('leaves the memory of a caller who passes Node buffers alone', async () => {
    const given = Buffer.from(plaintext);
    const bytes = Buffer.from(await (await protect(given, { service: alice, policy })).bytes());
    const before = Buffer.from(new Uint8Array(bytes));
    expect(same(await (await open(bytes, { service: bob })).bytes(), plaintext)).toBe(true);
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    expect(same(await (await open(chunks, { service: bob })).bytes(), plaintext)).toBe(true);
    expect(same(bytes, before)).toBe(true);
    expect(same(given, plaintext)).toBe(true);
  });

  it('refuses a person without rights and says whom to ask', async () => {
    const file = await protect(plaintext, { service: alice, policy });
    const bytes = await file.bytes();
    await expect(open(bytes, { service: authority.as('eve@example.com') })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      details: { rule: 'no-grant', referrer: 'alice@contoso.com' },
    });
  });

  it('refuses to protect what is protected already', async () => {
    const bytes = await (await protect(plaintext, { service: alice, policy })).bytes();
    await expect(protect(bytes, { service: alice, policy })).rejects.toMatchObject({
      code: 'ALREADY_PROTECTED',
    });
  });

  it('tells without a key what the file says', async () => {
    const file = await protect(plaintext, { service: alice, policy, name: 'report.txt' });
    const facts = await inspect(await file.bytes());
    expect(facts).toMatchObject({
      protected: true,
      format: 'pfile',
      formatVersion: '3.0',
      originalExtension: '.txt',
      originalSize: plaintext.length,
      cipherMode: 'SEALWRIGHT.GCM64K',
      contentKeyBits: 256,
      contentId: file.contentId,
      owner: 'alice@contoso.com',
      issuer: 'Contoso',
      templateId: null,
      trustAnchor: null,
    });
    expect(facts.certificates).toMatchObject([
      { type: 'Publishing-License', digestValid: true, signatureValid: true },
    ]);
    expect(await inspect(plaintext)).toMatchObject({ protected: false });
  });

  it('gives content another policy for those who may replace it', async () => {
    const bytes = await (await protect(plaintext, { service: alice, policy, name: 'a.txt' })).bytes();
    const next = { policy: { grants: [{ to: 'carol@contoso.com', rights: ['VIEW'] }] }, name: 'a.ptxt' };
    const file = await reprotect(bytes, { service: alice, ...next });
    expect(file.name).toBe('a.ptxt');
    const again = await file.bytes();
    expect(
      same(await (await open(again, { service: authority.as('carol@contoso.com') })).bytes(), plaintext),
    ).toBe(true);
    await expect(open(again, { service: bob })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(reprotect(bytes, { service: bob, ...next })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    await expect(removeProtection(bytes, { service: bob })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('reads from a source that uses its buffer again for every read', async () => {
    const content = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 0xff);
    const buffer = new Uint8Array(5_000_000);
    const source: ByteSource = {
      size: content.length,
      seekable: true,
      read(offset, length) {
        const piece = content.subarray(offset, offset + length);
        buffer.fill(0);
        buffer.set(piece);
        return buffer.subarray(0, piece.length);
      },
      slice: (offset, length) => sliceSource(source, offset, length),
    };
    for (const cipherMode of ['SEALWRIGHT.GCM64K', 'MICROSOFT.CBC4K'] as const) {
      const bytes = await (await protect(source, { service: alice, policy, cipherMode })).bytes();
      expect(same(await (await open(bytes, { service: bob })).bytes(), content)).toBe(true);
    }
  });

  it('gives nothing once it is closed, even to a transfer that had just begun', async () => {
    for (const cipherMode of ['MICROSOFT.CBC4K.NOPADDING', 'SEALWRIGHT.GCM64K'] as const) {
      const content = plaintext.slice(0, 160_000);
      const bytes = await (await protect(content, { service: alice, policy, cipherMode })).bytes();
      const opened = await open(new Blob([bytes as Uint8Array<ArrayBuffer>]), { service: bob });
      const beginning = opened.bytes();
      const source = await opened.source();
      opened.close();
      await expect(beginning).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await expect(opened.bytes()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(() => source.read(0, 1)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    }
  });

  it('reads parts into memory of the caller, until it is closed', async () => {
    const file = await protect(plaintext, { service: alice, policy });
    const opened = await open(await file.bytes(), { service: bob });
    const source = await opened.source();
    const target = new Uint8Array(70_000);
    expect(await source.readInto?.(65_000, target)).toBe(target.length);
    expect(same(target, plaintext.subarray(65_000, 135_000))).toBe(true);
    opened.close();
    expect(() => source.readInto?.(0, target)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('survives closing after a changed file could not be read at random', async () => {
    const bytes = await (await protect(plaintext, { service: alice, policy })).bytes();
    bytes[bytes.length - 1]! ^= 1;
    const opened = await open(new Blob([bytes as Uint8Array<ArrayBuffer>]), { service: bob });
    await expect(opened.read(0, 1)).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    opened.close();
    await new Promise((resolve) => setTimeout(resolve)); // an unhandled rejection would end the run
  });

  it('stops a stream at the minute the content expires', async () => {
    let time = new Date('2030-01-01T00:00:00Z');
    const now = () => time;
    const withClock = await createAuthority({ store: createMemoryStore(), custodian, now });
    const content = new Uint8Array(3_000_000);
    const file = await protect(content, {
      service: withClock.as('alice@contoso.com'),
      policy: { ...policy, validUntil: new Date('2030-01-01T01:00:00Z') },
    });
    const opened = await open(await file.bytes(), { service: withClock.as('bob@contoso.com'), now });
    const reader = opened.stream().getReader();
    expect((await reader.read()).done).toBe(false);
    const source = await opened.source();
    time = new Date('2030-01-01T01:00:00Z');
    await expect(reader.read()).rejects.toMatchObject({ details: { rule: 'expired' } });
    expect(() => source.read(0, 1)).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }));
    expect(() => source.readInto?.(0, new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'ACCESS_DENIED' }),
    );
  });

  it('lets go of a stream that it was given, when it refuses, fails or is given up', async () => {
    const bytes = await (await protect(plaintext, { service: alice, policy })).bytes();
    const given = () => {
      let cancelled = false;
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(bytes.slice()),
        cancel: () => {
          cancelled = true;
        },
      });
      return { stream, wasCancelled: () => cancelled };
    };
    const refused = given();
    await expect(open(refused.stream, { service: authority.as('eve@example.com') })).rejects.toThrow();
    const wrapped = given();
    await expect(protect(wrapped.stream, { service: alice, policy })).rejects.toThrow();
    const closed = given();
    (await open(closed.stream, { service: bob })).close();
    await new Promise((resolve) => setTimeout(resolve));
    expect([refused, wrapped, closed].map(({ wasCancelled }) => wasCancelled())).toEqual([true, true, true]);
  });
});
