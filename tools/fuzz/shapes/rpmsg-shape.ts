import { constants, deflateSync } from 'node:zlib';
import { concatBytes, memorySource } from '../../../src/bytes/index.ts';
import { inflatedEnvelope, isRpmsg } from '../../../src/container/mail/rpmsg/index.ts';
import { SealwrightError } from '../../../src/errors.ts';
import { pick, tellingNumbers } from '../mutate.ts';
import type { Random } from '../random.ts';
import { wholeSource } from '../whole-source.ts';
import { reshapeCompound } from './compound-shape.ts';

const marker = 0x0fa0;

interface Block {
  marker: number;
  plain: number;
  packedLength: number;
  packed: Uint8Array;
}

/** A `message.rpmsg` whose blocks, or what they hold, are changed; or what one holds when it is unpacked. */
export async function reshapeRpmsg(bytes: Uint8Array, random: Random): Promise<Uint8Array | undefined> {
  if (!isRpmsg(bytes)) return reshapeCompound(bytes, random);
  if (random(2) === 0) return packedAnew(bytes, random);
  const prefix = bytes.slice(0, 8);
  const blocks = blocksOf(bytes);
  if (blocks.length === 0) return undefined;
  const at = random(blocks.length);
  const block = blocks[at] as Block;
  const number = (): number => Number(pick(tellingNumbers, random) & 0xffff_ffffn);
  let packed: Block;
  switch (random(8)) {
    case 0:
      block.marker = number();
      break;
    case 1:
      block.plain = pick([number(), block.plain + 1, block.plain - 1, 4096, 131_072, 131_073], random);
      break;
    case 2:
      block.packedLength = pick([number(), block.packedLength + 1, block.packedLength - 1], random);
      break;
    case 3:
      blocks.splice(at, 1);
      break;
    case 4:
      blocks.splice(at, 0, block);
      break;
    case 5:
      blocks.push(...(blocks.splice(at, 1) as Block[]));
      break;
    case 6:
      packed = bomb(random);
      blocks.splice(at, 0, ...Array.from({ length: 1 + random(60) }, () => packed));
      break;
    default:
      block.packed = deflateSync(new Uint8Array(block.plain % 131_073), { level: random(10) });
      block.packedLength = block.packed.length;
  }
  return concatBytes([prefix, ...blocks.flatMap(written)]);
}

function blocksOf(bytes: Uint8Array): Block[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blocks: Block[] = [];
  for (let at = 8; at + 12 <= bytes.length && blocks.length < 200; ) {
    const packedLength = view.getUint32(at + 8, true);
    const packed = bytes.slice(at + 12, at + 12 + packedLength);
    blocks.push({
      marker: view.getUint32(at, true),
      plain: view.getUint32(at + 4, true),
      packedLength,
      packed,
    });
    at += 12 + packedLength;
  }
  return blocks;
}

function written({ marker, plain, packedLength, packed }: Block): Uint8Array[] {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  for (const [i, value] of [marker, plain, packedLength].entries()) view.setUint32(4 * i, value >>> 0, true);
  return [head, packed];
}

/** A block that holds far more than it says, or as much as one may. */
function bomb(random: Random): Block {
  const packed = deflateSync(new Uint8Array(pick([131_072, 131_072, 131_072, 131_073, 1 << 20], random)), {
    level: 9,
  });
  return { marker, plain: pick([4096, 131_072], random), packedLength: packed.length, packed };
}

/** The same or a changed content in blocks of other sizes, of one stream or each of its own. */
async function packedAnew(bytes: Uint8Array, random: Random): Promise<Uint8Array | undefined> {
  let plain: Uint8Array;
  try {
    const envelope = await inflatedEnvelope(memorySource(bytes));
    if ((envelope.size ?? 0) > 1 << 20) return undefined;
    plain = await wholeSource(envelope);
  } catch (error) {
    if (error instanceof SealwrightError) return undefined;
    throw error;
  }
  const content = (await reshapeCompound(plain, random)) ?? plain;
  const size = pick([3, 512, 4095, 4096, 4097, 65_536, 131_072], random);
  const count = Math.min(100, Math.ceil(content.length / size));
  const streams = random(2) === 0;
  const blocks: Block[] = [];
  // One stream, flushed to whole bytes: each piece is packed with those before it known, and cut off from them.
  for (let i = 0; i < count; i++) {
    const part = content.subarray(i * size, i === count - 1 ? content.length : (i + 1) * size);
    if (part.length > 1 << 18) return undefined;
    const packed = streams
      ? deflateSync(part, { level: 1 })
      : deflateSync(part, { level: 0, finishFlush: constants.Z_SYNC_FLUSH }).subarray(i === 0 ? 0 : 2);
    blocks.push({ marker, plain: part.length, packedLength: packed.length, packed });
  }
  return concatBytes([bytes.slice(0, 8), ...blocks.flatMap(written)]);
}
