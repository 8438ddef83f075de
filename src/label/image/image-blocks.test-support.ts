import { crc32 } from 'node:zlib';

/** An image cut into its blocks by rules written down here once more: what must not change, and the packet. */
export interface CutImage {
  /** Everything but the XMP packet, block by block, in order. */
  readonly blocks: readonly string[];
  /** Each packet, in order. */
  readonly packets: readonly Buffer[];
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function collect(pieces: Iterable<{ readonly packet?: Buffer; readonly block?: Uint8Array }>): CutImage {
  const blocks: string[] = [];
  const packets: Buffer[] = [];
  for (const { packet, block } of pieces) {
    if (packet !== undefined) packets.push(packet);
    if (block !== undefined) blocks.push(latin(block));
  }
  return { blocks, packets };
}

export function cutJpeg(bytes: Buffer): CutImage {
  const name = 'http://ns.adobe.com/xap/1.0/\0';
  return collect(
    (function* () {
      yield { block: bytes.subarray(0, 2) };
      let at = 2;
      while (bytes[at + 1] !== 0xda) {
        const end = at + 2 + bytes.readUInt16BE(at + 2);
        if (bytes[at + 1] === 0xe1 && latin(bytes.subarray(at + 4, at + 4 + name.length)) === name)
          yield { packet: bytes.subarray(at + 4 + name.length, end) };
        else yield { block: bytes.subarray(at, end) };
        at = end;
      }
      yield { block: bytes.subarray(at) };
    })(),
  );
}

export function cutPng(bytes: Buffer): CutImage {
  return collect(
    (function* () {
      yield { block: bytes.subarray(0, 8) };
      for (let at = 8; at < bytes.length; ) {
        const data = at + 8;
        const end = data + bytes.readUInt32BE(at);
        if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end))
          throw new Error(`The chunk at ${at} has a wrong CRC.`);
        const head = 'XML:com.adobe.xmp\0\0\0\0\0';
        if (latin(bytes.subarray(at + 4, data + head.length)) === `iTXt${head}`)
          yield { packet: bytes.subarray(data + head.length, end) };
        else yield { block: bytes.subarray(at, end + 4) };
        at = end + 4;
      }
    })(),
  );
}

/** As a decoder does that has never heard of XMP: every extension is a chain of sub-blocks. */
export function cutGif(bytes: Buffer): CutImage {
  const colours = (flags: number): number => (flags & 0x80 ? 3 * (2 << (flags & 7)) : 0);
  const chainEnd = (offset: number): number => {
    let at = offset;
    while (bytes[at] !== 0) at += 1 + (bytes[at] as number);
    return at + 1;
  };
  return collect(
    (function* () {
      let at = 13 + colours(bytes[10] as number);
      yield { block: bytes.subarray(0, at) };
      while (bytes[at] !== 0x3b) {
        const isImage = bytes[at] === 0x2c;
        if (!isImage && bytes[at] !== 0x21) throw new Error(`No block starts at ${at}.`);
        const end = chainEnd(isImage ? at + 11 + colours(bytes[at + 9] as number) : at + 2);
        if (latin(bytes.subarray(at, at + 14)) === '!\xff\x0bXMP DataXMP')
          yield { packet: bytes.subarray(at + 14, end - 258) };
        else yield { block: bytes.subarray(at, end) };
        at = end;
      }
      yield { block: bytes.subarray(at) };
    })(),
  );
}

const typeLengths = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Tags with their values wherever those stand, and the strips or tiles of every directory. */
export function cutTiff(bytes: Buffer): CutImage {
  const little = bytes.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  return collect(
    (function* () {
      yield { block: bytes.subarray(0, 4) };
      for (let at = u32(4), page = 0; at !== 0; page++) {
        if (at % 2 === 1) throw new Error(`The directory at ${at} is not at an even offset.`);
        const count = u16(at);
        const values = new Map<number, number[]>();
        let last = 0;
        for (let entry = at + 2; entry < at + 2 + 12 * count; entry += 12) {
          const [tag, type, number] = [u16(entry), u16(entry + 2), u32(entry + 4)];
          if (tag <= last) throw new Error(`Tag ${tag} stands behind tag ${last}.`);
          last = tag;
          const length = (typeLengths[type] as number) * number;
          const offset = length <= 4 ? entry + 8 : u32(entry + 8);
          const value = bytes.subarray(offset, offset + length);
          if (value.length < length) throw new Error(`The value of tag ${tag} ends behind the file.`);
          if (tag === 700 && page === 0) yield { packet: value };
          else yield { block: Buffer.concat([bytes.subarray(entry, entry + 8), value]) };
          if (type === 3 || type === 4)
            values.set(
              tag,
              Array.from({ length: number }, (_, i) =>
                type === 3 ? u16(offset + 2 * i) : u32(offset + 4 * i),
              ),
            );
        }
        for (const [where, lengths] of [
          [273, 279],
          [324, 325],
        ] as const)
          for (const [i, offset] of (values.get(where) ?? []).entries())
            yield { block: bytes.subarray(offset, offset + (values.get(lengths)?.[i] ?? 0)) };
        at = u32(at + 2 + 12 * count);
      }
    })(),
  );
}

/** Facts of labels in a packet, found by their look alone. */
export function factsIn(packet: Buffer): Record<string, string> {
  const decoded = (value: string): string =>
    value.replace(
      /&(lt|gt|amp|quot|#10);/g,
      (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"', '#10': '\n' })[name] as string,
    );
  const facts: Record<string, string> = {};
  for (const [, name, value] of packet.toString('utf8').matchAll(/\smsip:(\w[\w.-]*)="([^"]*)"/g))
    if (name !== undefined && value !== undefined) facts[name] = decoded(value);
  return facts;
}
