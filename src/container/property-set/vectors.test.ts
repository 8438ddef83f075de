import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHex, encodeHex } from '../../bytes/index.ts';
import { readPropertySets } from './read.ts';
import { type UserProperty, userProperties, withUserProperties } from './user-properties.ts';
import { writePropertySets } from './write.ts';

interface Vectors {
  readonly read: readonly {
    readonly why: string;
    readonly stream: string;
    readonly properties: UserProperty[];
  }[];
  readonly change: readonly {
    readonly why: string;
    readonly before: string;
    readonly properties: UserProperty[];
    readonly after: string;
  }[];
  readonly refuse: readonly { readonly why: string; readonly stream: string; readonly code: string }[];
}

const file = new URL('../../../test-vectors/property-sets/manifest.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

describe('the vectors of property sets', () => {
  it.each(vectors.read)('read: $why', ({ stream, properties }) => {
    const bytes = decodeHex(stream);
    expect(userProperties(bytes)).toEqual(properties);
    expect(stream.startsWith(encodeHex(writePropertySets(readPropertySets(bytes))))).toBe(true);
  });

  it.each(vectors.change)('change: $why', ({ before, properties, after }) => {
    expect(encodeHex(withUserProperties(decodeHex(before), properties))).toBe(after);
    expect(encodeHex(withUserProperties(decodeHex(after), properties))).toBe(after);
  });

  it.each(vectors.refuse)('refuse: $why', ({ stream, code }) => {
    expect(() => readPropertySets(decodeHex(stream))).toThrow(expect.objectContaining({ code }));
  });
});
