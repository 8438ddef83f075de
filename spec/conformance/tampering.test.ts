import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { memorySource } from '../../src/bytes/index.ts';
import { pfileFormat } from '../../src/container/index.ts';
import type { LicensingService, UseLicense } from '../../src/index.ts';
import { inspect, open, type ProtectOptions, protect } from '../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { type Attempt, attemptAll, attemptBytes } from './tampering-attempts.ts';

// The promise of spec/gcm64k.md, "What it gives and what it does not", kept by every way of reading.

const segment = 65_536;
const encryptedSegment = segment + 16;
const saltLength = 32;

/** Every byte of a license is some seconds of signatures to check; by default every fifth. */
const everyByte = process.env.SEALWRIGHT_EVERY_BYTE !== undefined;

/** In segments: fewer than a stream's window, one in the last percent of it, more than it, more than a sink's. */
const sizes = [2.3, 15.3, 20.5, 66.01] as const;

const plaintextOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 13) & 0xff);

interface Subject {
  readonly plaintext: Uint8Array;
  readonly file: Uint8Array;
  /** Where the salt begins. */
  readonly content: number;
}

let alice: LicensingService;
/** Bob, who asks the authority once for each license: the changes below are mostly not in the license. */
let bob: LicensingService;
const subjects: Subject[] = [];
let small: Subject;
let other: Subject;

beforeAll(async () => {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  const authority = await createAuthority({ store: createMemoryStore(), custodian });
  alice = authority.as('alice@contoso.com');
  bob = remembering(authority.as('bob@contoso.com'));
  for (const [i, size] of sizes.entries()) subjects.push(await subjectOf(Math.floor(size * segment), i));
  small = subjects[0] as Subject;
  other = await subjectOf(small.plaintext.length, 99);
});

async function subjectOf(length: number, seed: number, more: Partial<ProtectOptions> = {}): Promise<Subject> {
  const plaintext = plaintextOf(length, seed);
  const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
  const metadata = new TextEncoder().encode('<label id="public"/>');
  const options = { service: alice, policy, name: 'plan.txt', metadata, ...more } as ProtectOptions;
  const file = await (await protect(plaintext, options)).bytes();
  return { plaintext, file, content: (await inspect(file)).contentOffset as number };
}

function remembering(service: LicensingService): LicensingService {
  const known = new Map<string, UseLicense>();
  return {
    ...service,
    async acquireUseLicense(bytes, options) {
      const name = Buffer.from(bytes).toString('latin1');
      const license = known.get(name) ?? (await service.acquireUseLicense(bytes, options));
      known.set(name, license);
      return { ...license, contentKey: license.contentKey.slice() };
    },
  };
}

const bodyOf = ({ content }: Subject): number => content + saltLength;
const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const flipped = (file: Uint8Array, at: number, bit = at % 8): Uint8Array => {
  const copy = file.slice();
  copy[at] = (copy[at] as number) ^ (1 << bit);
  return copy;
};
/** The file with another original size in its header, the one field that is not bound (spec/pfile.md, section 6). */
function withSize(file: Uint8Array, size: bigint): Uint8Array {
  const copy = file.slice();
  const view = new DataView(copy.buffer);
  view.setBigUint64(18 + view.getUint32(14, true) + 24, size, true);
  return copy;
}
const unknown = 0xffff_ffff_ffff_ffffn;

/**
 * Holds the attempts against the promise: refused, and what was given before is the beginning of the true
 * content, in whole segments, none of them at or behind `firstChanged`.
 */
function expectRefused(
  attempts: readonly Attempt[],
  subject: Subject,
  firstChanged: number,
  codes: readonly string[],
) {
  for (const { way, seekable, outcome, released } of attempts) {
    expect(codes, way).toContain(outcome);
    expect(released.length % segment, `${way}: whole segments`).toBe(0);
    expect(released.length, `${way}: only what is before the change`).toBeLessThanOrEqual(
      firstChanged * segment,
    );
    const start = subject.plaintext.subarray(0, released.length);
    expect(Buffer.compare(released, start), `${way}: the true beginning`).toBe(0);
    if (!seekable) continue;
    const lastSegment = Math.ceil(subject.plaintext.length / segment) - 1;
    if (firstChanged >= lastSegment) expect(released.length, `${way}: nothing without the end`).toBe(0);
  }
}
const failed = ['DECRYPTION_FAILED'] as const;
const cut = ['DECRYPTION_FAILED', 'MALFORMED_CONTAINER'] as const;

describe('a file protected in SEALWRIGHT.GCM64K', () => {
  it('opens in every way as long as nobody changed it', async () => {
    for (const subject of subjects)
      for (const { way, outcome, released } of await attemptAll(subject.file, bob)) {
        expect(outcome, way).toBe('opened');
        expect(Buffer.compare(released, subject.plaintext), way).toBe(0);
      }
  });

  it('is refused when it was cut at, before or after any segment boundary, whatever size it then states', async () => {
    for (const subject of subjects) {
      const body = bodyOf(subject);
      const count = Math.ceil((subject.file.length - body) / encryptedSegment);
      const boundaries = Array.from({ length: count }, (_, k) => k).filter(
        (k) => count < 30 || k === 15 || k === 47 || k > count - 2,
      );
      for (const k of boundaries)
        for (const by of [-1, 0, 1]) {
          const short = subject.file.slice(0, body + k * encryptedSegment + by);
          const room = BigInt(Math.max(0, k * segment + (by > 0 ? by - 16 : by)));
          const stating =
            k < 3 || k > count - 3 || by === 0
              ? [short, withSize(short, unknown), withSize(short, room)]
              : [short];
          for (const file of stating) {
            const attempts = await attemptAll(file, bob);
            // However many true segments are left: where the end can be seen, its absence comes first.
            expectRefused(attempts, subject, count, cut);
          }
        }
    }
  }, 60_000);

  it('is refused, with nothing given, when it was cut inside its last segment', async () => {
    for (const subject of subjects) {
      const last = Math.ceil(subject.plaintext.length / segment) - 1;
      const start = bodyOf(subject) + last * encryptedSegment;
      for (const length of [start + 17, start + 500, subject.file.length - 1]) {
        const short = subject.file.slice(0, length);
        const room = BigInt(last * segment + length - start - 16);
        for (const file of [short, withSize(short, unknown), withSize(short, room)])
          expectRefused(await attemptAll(file, bob), subject, last, cut);
      }
    }
  });

  it('is refused at every possible length it can be cut to around salt and first tag', async () => {
    for (let length = small.content - 2; length < bodyOf(small) + 40; length++)
      expectRefused(await attemptAll(withSize(small.file.slice(0, length), unknown), bob), small, 0, cut);
  });

  it('is refused when one bit of the header is flipped, whichever byte it is in', async () => {
    const codes = new Map<string, number>();
    const sizeField = sizeFieldOf(small.file);
    const license = Buffer.from(small.file).indexOf('<?xml');
    const inLicense = (at: number): boolean => at >= license && at < small.content - 32;
    const bytes = Array.from({ length: small.content }, (_, at) => at).filter(
      (at) => everyByte || !inLicense(at) || at % 5 === 0,
    );
    for (const at of bytes) {
      const file = flipped(small.file, at);
      const attempts = at % 61 === 0 ? await attemptAll(file, bob) : [await attemptBytes(file, bob)];
      expectRefused(attempts, small, 0, headerCodes);
      const [{ outcome } = { outcome: '' }] = attempts;
      codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
      if (at >= sizeField && at < sizeField + 8) expect(cut).toContain(outcome);
    }
    expect([...codes.values()].reduce((sum, each) => sum + each)).toBe(bytes.length);
    expect(codes.get('UNTRUSTED_LICENSE')).toBeGreaterThan(100);
    expect(codes.get('DECRYPTION_FAILED')).toBeGreaterThan(100);
  }, 120_000);

  it('is refused when one bit of the salt is flipped', async () => {
    for (let i = 0; i < saltLength * 8; i += 5)
      expectRefused(
        await attemptAll(flipped(small.file, small.content + (i >> 3), i % 8), bob),
        small,
        0,
        failed,
      );
  });

  it('is refused when one bit of a tag is flipped, with nothing from that segment on', async () => {
    for (const subject of subjects.slice(0, 3)) {
      const count = Math.ceil(subject.plaintext.length / segment);
      for (let k = 0; k < count; k++) {
        const end = Math.min(bodyOf(subject) + (k + 1) * encryptedSegment, subject.file.length);
        for (const at of [end - 16, end - 7, end - 1])
          expectRefused(await attemptAll(flipped(subject.file, at), bob), subject, k, failed);
      }
    }
  });

  it('is refused when one bit of the body is flipped, with nothing from that segment on', async () => {
    for (const subject of subjects) {
      const length = subject.file.length - bodyOf(subject);
      const flips = length > 40 * encryptedSegment ? 6 : 24;
      for (let i = 0; i < flips; i++) {
        const at = Math.floor((length * (i + 0.37)) / flips);
        const k = Math.floor(at / encryptedSegment);
        expectRefused(await attemptAll(flipped(subject.file, bodyOf(subject) + at), bob), subject, k, failed);
      }
    }
  });

  it('gives at random what was not changed, and nothing of a segment that was', async () => {
    const subject = subjects[2] as Subject;
    const changed = flipped(subject.file, bodyOf(subject) + 7 * encryptedSegment + 100);
    const opened = await open(changed, { service: bob });
    expect(await opened.read(6 * segment, segment)).toEqual(
      subject.plaintext.subarray(6 * segment, 7 * segment),
    );
    for (const [offset, length] of [
      [7 * segment, 1],
      [8 * segment - 1, 1],
      [7 * segment - 1, 2],
      [0, subject.plaintext.length],
    ] as const)
      await expect(opened.read(offset, length)).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    expect(await opened.read(8 * segment, 10)).toEqual(
      subject.plaintext.subarray(8 * segment, 8 * segment + 10),
    );
  });

  it('is refused when segments are swapped, repeated, left out or taken from another file', async () => {
    const subject = subjects[2] as Subject;
    const body = bodyOf(subject);
    const at = (k: number): Uint8Array =>
      subject.file.slice(body + k * encryptedSegment, body + (k + 1) * encryptedSegment);
    const count = Math.ceil(subject.plaintext.length / segment);
    const head = subject.file.slice(0, body);
    const arranged = (order: readonly number[]): Uint8Array => joined(head, ...order.map(at));
    const natural = Array.from({ length: count }, (_, k) => k);
    expect(Buffer.compare(arranged(natural), subject.file)).toBe(0);
    const swap = (a: number, b: number) => natural.map((k) => (k === a ? b : k === b ? a : k));
    for (const [order, first] of [
      [swap(0, 1), 0],
      [swap(3, 17), 3],
      [swap(14, 15), 14],
      [swap(count - 3, count - 2), count - 3],
      [natural.toSpliced(5, 1), 5],
      [natural.toSpliced(5, 0, 4), 5],
      [natural.toSpliced(count - 2, 1), count - 2],
      [natural.toReversed(), 0],
      [natural.slice(0, count - 1), count - 1],
      [natural.slice(0, 15), 15],
      [[count - 1], 0],
    ] as const)
      for (const size of [BigInt(subject.plaintext.length), unknown])
        expectRefused(await attemptAll(withSize(arranged(order), size), bob), subject, first, cut);

    const foreign = other.file.slice(bodyOf(other), bodyOf(other) + encryptedSegment);
    const planted = small.file.slice();
    planted.set(foreign, bodyOf(small));
    expectRefused(await attemptAll(planted, bob), small, 0, failed);
  });

  it('is refused when bytes are appended', async () => {
    for (const subject of [small, subjects[2] as Subject]) {
      const last = Math.ceil(subject.plaintext.length / segment) - 1;
      const tail = subject.file.slice(-((subject.file.length - bodyOf(subject)) % encryptedSegment));
      for (const more of [new Uint8Array(1), new Uint8Array(16), new Uint8Array(100_000), tail])
        for (const size of [BigInt(subject.plaintext.length), unknown])
          expectRefused(
            await attemptAll(withSize(joined(subject.file, more), size), bob),
            subject,
            last,
            cut,
          );
    }
  });

  it('is refused with the license, the header, the salt or the body of another file of the same authority', async () => {
    const body = (subject: Subject) => subject.file.slice(bodyOf(subject));
    const salt = (subject: Subject) => subject.file.slice(subject.content, bodyOf(subject));
    const head = (subject: Subject) => subject.file.slice(0, subject.content);
    const container = await pfileFormat.read(memorySource(other.file));
    const rebuilt = pfileFormat.header({
      publishingLicense: container.publishingLicense,
      originalExtension: '.txt',
      metadata: new TextEncoder().encode('<label id="public"/>'),
      originalSize: small.plaintext.length,
    });
    expect(Buffer.compare(rebuilt.bytes, head(other))).toBe(0);
    for (const file of [
      joined(rebuilt.bytes, salt(small), body(small)),
      joined(head(small), salt(other), body(small)),
      joined(head(small), salt(other), body(other)),
      joined(head(other), salt(other), body(small)),
    ])
      expectRefused(await attemptAll(file, bob), small, 0, failed);
  });

  it('is refused when label, extension, notice, version or layout are edited in a way the format allows', async () => {
    const { publishingLicense } = await pfileFormat.read(memorySource(small.file));
    const contents = {
      publishingLicense,
      originalExtension: '.txt',
      metadata: new TextEncoder().encode('<label id="public"/>'),
      originalSize: small.plaintext.length,
    };
    const content = small.file.slice(small.content);
    expect(Buffer.compare(joined(pfileFormat.header(contents).bytes, content), small.file)).toBe(0);
    const notice = small.file.slice();
    notice[30] = 'X'.charCodeAt(0);
    for (const edited of [
      pfileFormat.header({ ...contents, metadata: new TextEncoder().encode('<label id="secret"/>') }).bytes,
      pfileFormat.header({ ...contents, metadata: undefined }).bytes,
      pfileFormat.header({ ...contents, originalExtension: '.exe' }).bytes,
      pfileFormat.header({ ...contents, formatVersion: '2.1' }).bytes,
      pfileFormat.header({ ...contents, publishingLicense: joined(publishingLicense, Uint8Array.of(10)) })
        .bytes,
      notice.slice(0, small.content),
    ])
      expectRefused(await attemptAll(joined(edited, content), bob), small, 0, headerCodes);
  });

  it('is refused with a wrong original size, and opens whole with an unknown one, which is no claim', async () => {
    for (const subject of subjects.slice(0, 3)) {
      const size = BigInt(subject.plaintext.length);
      const last = Math.ceil(subject.plaintext.length / segment) - 1;
      for (const wrong of [size - 1n, size + 1n, 1n, size + 65_536n, 1n << 40n])
        expectRefused(await attemptAll(withSize(subject.file, wrong), bob), subject, last, failed);
      for (const none of [0n, unknown])
        for (const { way, outcome, released } of await attemptAll(withSize(subject.file, none), bob)) {
          expect(outcome, way).toBe('opened');
          expect(Buffer.compare(released, subject.plaintext), way).toBe(0);
        }
    }
  });
});

describe('a file protected in MICROSOFT.CBC4K', () => {
  it('does not notice a changed byte: the modes that Microsoft reads do not authenticate', async () => {
    const subject = await subjectOf(20_000, 5, { interop: 'microsoft' });
    const opened = await open(flipped(subject.file, subject.content + 5000), { service: bob });
    expect(opened.authenticated).toBe(false);
    const content = await opened.bytes();
    expect(content.length).toBe(subject.plaintext.length);
    expect(Buffer.compare(content, subject.plaintext)).not.toBe(0);
    const changed = content.reduce((sum, byte, i) => sum + Number(byte !== subject.plaintext[i]), 0);
    expect(changed).toBeLessThanOrEqual(17);
  });

  it('still trusts no changed license', async () => {
    const subject = await subjectOf(1000, 6, { interop: 'microsoft' });
    const at = Buffer.from(subject.file).indexOf('alice@contoso.com');
    const { outcome } = await attemptBytes(flipped(subject.file, at, 0), bob);
    expect(outcome).toBe('UNTRUSTED_LICENSE');
  });
});

const headerCodes = [
  'DECRYPTION_FAILED',
  'UNTRUSTED_LICENSE',
  'MALFORMED_LICENSE',
  'MALFORMED_CONTAINER',
  'UNSUPPORTED_VERSION',
  'LIMIT_EXCEEDED',
  'NOT_PROTECTED',
] as const;

const sizeFieldOf = (file: Uint8Array): number =>
  18 + new DataView(file.buffer, file.byteOffset).getUint32(14, true) + 24;
