import { describe, expect, it } from 'vitest';
import { concatBytes } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { verifyXrmlChain } from './chain.ts';
import { readXrmlDocuments } from './documents.ts';
import { expectedLicenses, realLicensesPresent } from './real-licenses.test-support.ts';
import { inSurfaceForm } from './surface-forms.ts';
import { certify, makeTestKey, publish } from './test-hierarchy.test-support.ts';
import { verifySignature } from './verify.ts';

/** Small seeded generator (mulberry32), so that a failure can be run again. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const at = random(bytes.length);
  const length = 1 + random(random(4) === 0 ? 2000 : 8);
  const head = bytes.subarray(0, at);
  const span = bytes.subarray(at, at + length);
  const join = (...parts: Uint8Array[]): Uint8Array => concatBytes(parts);
  switch (random(6)) {
    case 0: {
      const copy = bytes.slice();
      copy[at] = copy[at]! ^ (1 << random(8));
      return copy;
    }
    case 1:
      return join(
        head,
        Uint8Array.from({ length: Math.min(length, 16) }, () => random(256)),
        bytes.subarray(at),
      );
    case 2:
      return join(head, bytes.subarray(at + length));
    case 3:
      return join(head, span, bytes.subarray(at));
    case 4: {
      const elsewhere = random(bytes.length);
      return join(head, bytes.subarray(elsewhere, elsewhere + length), bytes.subarray(at + length));
    }
    default: {
      const copy = bytes.slice();
      const marks = '<>/"\'= &;!-?\n0A';
      copy[at] = marks.charCodeAt(random(marks.length));
      return copy;
    }
  }
}

/** The meaning of a body: what is left when indentation and the two empty-element forms are taken out. */
const meanings = (license: Uint8Array): Set<string> =>
  new Set(
    readXrmlDocuments(license).map(({ source, body }) =>
      inSurfaceForm(source, body, { whitespaceRemoved: true, emptyElements: '<X />' }),
    ),
  );

function survives(originals: readonly Uint8Array[], rounds: number): { refused: number; read: number } {
  const random = seededRandom(20_240_506);
  const signed = originals.map(meanings);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const which = round % originals.length;
    const changed = mutate(originals[which]!, random);
    try {
      const documents = readXrmlDocuments(changed);
      if (round % 20 === 0) verifyXrmlChain(documents);
      for (const document of documents) {
        if (!verifySignature(document).valid) continue;
        const meaning = inSurfaceForm(document.source, document.body, {
          whitespaceRemoved: true,
          emptyElements: '<X />',
        });
        if (!signed[which]!.has(meaning))
          throw new Error(`a changed body passed as signed in round ${round}`);
      }
    } catch (error) {
      if (!(error instanceof SealwrightError)) throw error;
      expect(['MALFORMED_LICENSE', 'LIMIT_EXCEEDED']).toContain(error.code);
      refused++;
    }
  }
  return { refused, read: rounds - refused };
}

describe('changed licenses', () => {
  it('of our own are refused or never pass as signed', async () => {
    const root = { type: 'MS-DRM-Server', name: 'Root', key: await makeTestKey() };
    const user = { type: 'Group-Identity', name: 'ada@contoso.com', key: await makeTestKey() };
    const license = new TextEncoder().encode(
      (await publish(user)) + (await certify({ issuer: root, principal: user })),
    );
    const { refused, read } = survives([license], 2000);
    expect(refused).toBeGreaterThan(200);
    expect(read).toBeGreaterThan(200);
  }, 20_000);

  it.skipIf(!realLicensesPresent)(
    'made by Microsoft software are refused or never pass as signed (skipped without the real samples)',
    () => {
      const small = expectedLicenses().filter(({ bytes }) => bytes.length < 30_000 && bytes.length > 5000);
      survives(
        small.filter(({ file }) => !file.startsWith('xrml-docs/')).map(({ bytes }) => bytes),
        3000,
      );
    },
    30_000,
  );
});
