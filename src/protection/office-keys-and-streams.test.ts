import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { type ByteSource, memorySource, sliceSource } from '../bytes/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import type { LicensingService } from '../licensing/index.ts';
import { inspect, open, protect, removeProtection, reprotect } from './index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
const alice = authority.as('alice@contoso.com');
const policy = { grants: [{ to: 'alice@contoso.com', rights: ['OWNER'] }] };
const code = (value: string) => expect.objectContaining({ code: value });

const media = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff);
const plaintext = zipSync(
  { '[Content_Types].xml': strToU8('<Types/>'), 'ppt/media/image.png': media },
  { level: 0 },
);
const name = 'a.pptx';
const original = await (await protect(plaintext, { service: alice, policy, name })).bytes();

/** The service, and every content key it gave out. */
function watched(changes: Partial<LicensingService> = {}) {
  const keys: Uint8Array[] = [];
  const keep = <T extends { contentKey: Uint8Array }>(license: T): T => {
    keys.push(license.contentKey);
    return license;
  };
  const service: LicensingService = {
    ...alice,
    publish: async (...request) => keep(await alice.publish(...request)),
    acquireUseLicense: async (...request) => keep(await alice.acquireUseLicense(...request)),
    ...changes,
  };
  const wiped = () => keys.length > 0 && keys.every((key) => key.every((byte) => byte === 0));
  return { service, wiped };
}

/** A stream in chunks, and how far it was read. */
function watchedStream(bytes: Uint8Array) {
  const state = { given: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.given >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(state.given, state.given + 50_000));
        state.given += 50_000;
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

/** A source that keeps the signals it is read with. */
function watchedSource(bytes: Uint8Array) {
  const memory = memorySource(bytes);
  const state = { closed: false, signals: [] as (AbortSignal | undefined)[] };
  const source: ByteSource = {
    size: bytes.length,
    seekable: true,
    read(offset, length, options) {
      state.signals.push(options?.signal);
      return memory.read(offset, length, options);
    },
    slice: (offset, length) => sliceSource(source, offset, length),
    close() {
      state.closed = true;
    },
  };
  return { source, state };
}

describe('the content key of an Office file', () => {
  it('is wiped when the container cannot be written', async () => {
    const { service, wiped } = watched();
    const { stream, state } = watchedStream(plaintext);
    await expect(protect(stream, { service, policy, name, formatVersion: '9.9' })).rejects.toThrow(
      code('UNSUPPORTED_VERSION'),
    );
    expect(wiped()).toBe(true);
    expect(state.given).toBeGreaterThanOrEqual(plaintext.length);
  });

  it('is wiped when the output fails, the stream is cancelled, or nothing is written after all', async () => {
    const { service, wiped } = watched();
    const file = () => protect(plaintext, { service, policy, name });
    const write = () => {
      throw new Error('disk full');
    };
    await expect((await file()).writeTo({ write })).rejects.toThrow('disk full');
    const stream = (await file()).stream().getReader();
    await stream.read();
    await stream.cancel();
    const unread = (await file()).stream();
    await unread.cancel();
    (await file()).discard();
    expect(wiped()).toBe(true);
  });

  it('encrypts nothing once it was discarded, not even what was just begun', async () => {
    const file = await protect(plaintext, { service: alice, policy, name });
    let written = 0;
    const write = (bytes: Uint8Array): void => {
      written += bytes.length;
    };
    const writing = file.writeTo({ write });
    file.discard();
    await expect(writing).rejects.toThrow(code('INVALID_ARGUMENT'));
    expect(written).toBe(0);
  });

  it('is wiped when the content turns out to be damaged, and when another license is refused', async () => {
    const { service, wiped } = watched();
    const damaged = original.slice();
    damaged.fill(0, original.length - 600, original.length - 500);
    const opened = await open(damaged, { service });
    await expect(opened.bytes()).rejects.toThrow(code('DECRYPTION_FAILED'));
    opened.close();
    await expect(reprotect(damaged, { service, policy, name })).rejects.toThrow(code('DECRYPTION_FAILED'));
    const publish = () => Promise.reject(new Error('refused'));
    const refusing = watched({ publish });
    await expect(reprotect(original, { service: refusing.service, policy, name })).rejects.toThrow('refused');
    expect(wiped() && refusing.wiped()).toBe(true);
  });
});

describe('sources of Office files', () => {
  it('that were handed in stay open, and streams are ended', async () => {
    const { source, state } = watchedSource(original);
    const opened = await open(source, { service: alice });
    await opened.bytes();
    opened.close();
    await (await reprotect(source, { service: alice, policy, name })).bytes();
    await expect(protect(source, { service: alice, policy, name })).rejects.toThrow(
      code('ALREADY_PROTECTED'),
    );
    expect(state.closed).toBe(false);
    const { stream, state: streamState } = watchedStream(concat(original, new Uint8Array(1_000_000)));
    await expect(
      open(stream, { service: { ...alice, acquireUseLicense: () => Promise.reject(new Error('refused')) } }),
    ).rejects.toThrow('refused');
    expect(streamState.given).toBeGreaterThan(0);
  });

  it('are read with the signal of whoever waits', async () => {
    const { source, state } = watchedSource(original);
    const opened = await open(source, { service: alice });
    state.signals.length = 0;
    const { signal } = new AbortController();
    await opened.bytes({ signal });
    await opened.writeTo({ write: () => undefined }, { signal });
    expect(state.signals.length).toBeGreaterThan(4);
    expect(new Set(state.signals)).toEqual(new Set([signal]));
    opened.close();
  });

  it('that are streams are ended once they were inspected', async () => {
    const pfile = await (await protect(plaintext, { service: alice, policy, name, format: 'pfile' })).bytes();
    const { stream, state } = watchedStream(pfile);
    expect(await inspect(stream)).toMatchObject({ protected: true, format: 'pfile' });
    expect(state.cancelled).toBe(true);
    expect(state.given).toBeLessThan(pfile.length);
  });

  it('are inspected in one go where they are damaged', async () => {
    const damaged = original.slice();
    const directory = 512 * (1 + new DataView(damaged.buffer).getUint32(0x30, true));
    damaged[directory + 128 + 0x42] = 9; // a type that no entry has
    const { source, state } = watchedSource(damaged);
    expect(await inspect(source)).toMatchObject({ recognisedAs: 'damaged-compound-file', labels: [] });
    // The head, and the directory once: of a large one a second look would take as long again.
    expect(state.signals).toHaveLength(2);
  });

  it('end a transfer that is given up', async () => {
    const opened = await open(original, { service: alice });
    const reason = new Error('given up');
    const abort = AbortSignal.abort(reason);
    await expect(opened.bytes({ signal: abort })).rejects.toBe(reason);
    await expect(opened.writeTo({ write: () => undefined }, { signal: abort })).rejects.toBe(reason);
    await expect(protect(plaintext, { service: alice, policy, name, signal: abort })).rejects.toBe(reason);
    opened.close();
  });
});

describe('a protected Office file that was renamed', () => {
  it('keeps its format and its new name when it gets another policy', async () => {
    for (const renamed of ['a', 'a.dat', 'a.pptx.bak', undefined]) {
      const file = await reprotect(original, { service: alice, policy, name: renamed });
      expect(file).toMatchObject({ format: 'office', name: renamed });
      const opened = await open(await file.bytes(), { service: alice });
      expect(Buffer.compare(await opened.bytes(), plaintext)).toBe(0);
    }
  });
});

describe('an Office document inside a PFILE that comes as a stream', () => {
  it('is reprotected and unprotected without being collected', async () => {
    const pfile = await (await protect(plaintext, { service: alice, policy, name, format: 'pfile' })).bytes();
    for (const change of [
      (stream: ReadableStream<Uint8Array>) =>
        reprotect(stream, { service: alice, policy, name: 'a.pptx.pfile' }),
      (stream: ReadableStream<Uint8Array>) =>
        removeProtection(stream, { service: alice, name: 'a.pptx.pfile' }),
    ]) {
      const { stream, state } = watchedStream(pfile);
      const changed = await change(stream);
      expect(changed.name).toMatch(/^a\.pptx/);
      expect(state.given).toBeLessThan(2_500_000);
    }
  });
});

const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
