import { concatBytes, memorySource } from '../../../src/bytes/index.ts';
import type { CompoundFile, CompoundStorage } from '../../../src/container/compound-file/compound-file.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { isCompoundFile } from '../../../src/container/compound-file/signature.ts';
import { SealwrightError } from '../../../src/errors.ts';
import { pick, tellingNumbers } from '../mutate.ts';
import type { Random } from '../random.ts';
import { wholeSource } from '../whole-source.ts';

/** A storage or stream that can be changed. */
interface Node {
  name: string;
  readonly classId: Uint8Array;
  readonly entries?: Node[] | undefined;
  content?: Uint8Array | undefined;
}

/** A compound file whose tree, streams or sectors are changed while the rest of it stays true. */
export async function reshapeCompound(bytes: Uint8Array, random: Random): Promise<Uint8Array | undefined> {
  if (!isCompoundFile(bytes) || bytes.length < 1536) return undefined;
  if (random(4) === 0) return withSector(bytes, random);
  try {
    const file = await readCompoundFile(memorySource(bytes));
    const root = await treeOf(file, file.root);
    for (let times = 1 + random(3); times > 0; times--) changeTree(root, random);
    const entries = (root.entries ?? []).map(newEntry);
    return await wholeSource(compoundFileSource(layoutCompoundFile({ classId: root.classId, entries })));
  } catch (error) {
    if (error instanceof SealwrightError) return undefined;
    throw error;
  }
}

async function treeOf(file: CompoundFile, storage: CompoundStorage): Promise<Node> {
  const entries: Node[] = [];
  for (const entry of storage.entries)
    entries.push(
      entry.kind === 'storage'
        ? await treeOf(file, entry)
        : { name: entry.name, classId: entry.classId, content: await file.read(entry, 1 << 20) },
    );
  return { name: storage.name, classId: storage.classId, entries };
}

const newEntry = ({ name, classId, entries, content }: Node): Parameters<typeof layoutCompoundFile>[0]['entries'][number] =>
  entries === undefined
    ? { kind: 'stream', name, content: content ?? new Uint8Array(0) }
    : { kind: 'storage', name, classId, entries: entries.map(newEntry) }; // biome-ignore format: one line each

interface Place {
  readonly node: Node;
  readonly above: Node;
}

function placesOf(above: Node): Place[] {
  return (above.entries ?? []).flatMap((node) => [{ node, above }, ...placesOf(node)]);
}

const copyOf = (node: Node): Node => ({
  ...node,
  entries: node.entries?.map(copyOf),
  content: node.content?.slice(),
});

function changeTree(root: Node, random: Random): void {
  const places = placesOf(root);
  if (places.length === 0) return;
  const streams = places.filter(({ node }) => node.content !== undefined);
  const lists = streams.filter(({ node }) => node.name === '__properties_version1.0');
  const { node, above } = pick(places, random);
  const stream = streams.length > 0 ? pick(streams, random).node : undefined;
  const other = pick(places, random).node;
  switch (random(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      if (lists.length > 0) {
        const list = pick(lists, random).node;
        list.content = withProperty(list.content as Uint8Array, random);
      } else if (stream !== undefined) stream.content = withBytes(stream.content as Uint8Array, random);
      return;
    case 5:
    case 6:
    case 7:
      if (stream !== undefined) stream.content = withBytes(stream.content as Uint8Array, random);
      return;
    case 8:
      above.entries?.splice(above.entries.indexOf(node), 1);
      return;
    case 9:
      if (stream !== undefined && other.content !== undefined) stream.content = other.content;
      return;
    case 10:
      node.name = nameLike(node.name, random);
      return;
    case 11:
      above.entries?.push({ ...copyOf(node), name: nameLike(node.name, random) });
      return;
    case 12:
      if (other.entries !== undefined) other.entries.push({ ...copyOf(node), name: pick([node.name, nameLike(node.name, random)], random) });
      return;
    default:
      nest(root, random);
  } // biome-ignore format: short cases
}

/** The message again and again within itself, each as the attachment of the one before. */
function nest(root: Node, random: Random): void {
  let inner: Node = { ...copyOf(root), name: '__substg1.0_3701000D' };
  for (let depth = pick([1, 2, 8, 9, 11, 12, 28], random); depth > 0; depth--) {
    const others = (root.entries ?? []).filter(({ name }) => /^__(?:properties|substg1.0_0037)/.test(name));
    const attachment = (root.entries ?? []).find(({ name }) => name.startsWith('__attach'));
    const list = attachment?.entries?.find(({ name }) => name === '__properties_version1.0');
    const content = list?.content ?? methodList;
    inner = {
      name: '__substg1.0_3701000D',
      classId: root.classId,
      entries: [
        ...others.map(copyOf),
        {
          name: '__attach_version1.0_#00000000',
          classId: root.classId,
          entries: [{ name: '__properties_version1.0', classId: root.classId, content: withMethod(content) }, inner],
        },
      ],
    }; // biome-ignore format: a tree
  }
  const top = (inner.entries ?? []).find(({ name }) => name.startsWith('__attach'));
  if (top !== undefined) root.entries?.push({ ...top, name: '__attach_version1.0_#00000077' });
}

/** A list of properties with the one that says that the attachment is a message. */
const methodList = concatBytes([
  new Uint8Array(8),
  Uint8Array.of(3, 0, 0x05, 0x37, 6, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0),
]);

/** The list with the method of an attached message, PidTagAttachMethod 5. */
function withMethod(list: Uint8Array): Uint8Array {
  const changed = list.slice();
  for (let at = 8; at + 16 <= changed.length; at += 16)
    if (changed[at + 2] === 0x05 && changed[at + 3] === 0x37) changed[at + 8] = 5;
  return changed;
}

function nameLike(name: string, random: Random): string {
  const digit = '0123456789ABCDEF'[random(16)] as string;
  return pick(
    [
      name.slice(0, -1) + digit,
      name.replace(/[0-9A-F]{4}$/, () => pick(['001F', '001E', '0102', '000D', '101F', '0000'], random)),
      ...['__nameid_version1.0', '__properties_version1.0', '__recip_version1.0_#00000000', 'a:b', ' ', '\u0001'],
      ...['__attach_version1.0_#00000000', '__attach_version1.0_#FFFFFFFF', '__substg1.0_10130102', '__substg1.0_1000001F'],
      ...['MailAttachment 0', 'MailAttachment 4294967295', 'MAPIMessage', 'AttachDesc', 'OutlookBodyStreamInfo'],
      'x'.repeat(1 + random(31)),
    ],
    random,
  ); // biome-ignore format: names
}

const types = [
  0x02, 0x03, 0x0b, 0x0d, 0x14, 0x1e, 0x1f, 0x40, 0x48, 0x102, 0x1003, 0x101f, 0x1102, 0x101e, 0xfb, 0,
];

/** One property of a list is another, is of another type or size, is there twice, or the list ends elsewhere. */
function withProperty(list: Uint8Array, random: Random): Uint8Array {
  const head = list.length % 16 === 8 ? pick([8, 24], random) : 32;
  const count = Math.floor((list.length - head) / 16);
  if (count < 1) return withBytes(list, random);
  const changed = list.slice();
  const view = new DataView(changed.buffer);
  const at = head + 16 * random(count);
  switch (random(7)) {
    case 0:
      view.setUint16(at, pick(types, random), true);
      return changed;
    case 1:
      view.setUint16(at + 2, pick([0x1000, 0x1013, 0x1009, 0x3701, 0x3705, 0x37, 0x7d, 0x8000, 0x8001, 0xfffe, 0x3fde, random(65536)], random), true);
      return changed;
    case 2:
      view.setUint32(at + 8, Number(pick(tellingNumbers, random) & 0xffff_ffffn), true);
      return changed;
    case 3:
      view.setBigUint64(at + 8, BigInt.asUintN(64, pick(tellingNumbers, random)), true);
      return changed;
    case 4:
      view.setUint32(4 * random(head / 4), Number(pick(tellingNumbers, random) & 0xffff_ffffn), true);
      return changed;
    case 5:
      return concatBytes([changed, ...Array.from({ length: pick([1, 2, 2000], random) }, () => list.subarray(at, at + 16))]);
    default:
      return changed.slice(0, at + random(17));
  } // biome-ignore format: short cases
}

function withBytes(content: Uint8Array, random: Random): Uint8Array {
  const at = random(content.length + 1);
  const changed = content.slice();
  switch (random(6)) {
    case 0:
      return changed.slice(0, at);
    case 1:
      return concatBytes([changed, new Uint8Array(1 + random(pick([4, 70_000], random)))]);
    case 2:
      if (at + 4 <= changed.length)
        new DataView(changed.buffer).setUint32(at & ~3, Number(pick(tellingNumbers, random) & 0xffff_ffffn), true);
      return changed;
    case 3:
      return changed.map(() => random(256));
    default:
      for (let times = 1 + random(4); times > 0; times--)
        if (changed.length > 0) changed[random(changed.length)] = random(256);
      return changed;
  } // biome-ignore format: short cases
}

/** A number of the header, the allocation table or the directory is another. */
function withSector(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const sectorSize = view.getUint16(30, true) === 12 ? 4096 : 512;
  const at = (sector: number): number => (sector + 1) * sectorSize;
  const sectors = Math.ceil(changed.length / sectorSize);
  const number = (): number =>
    pick(
      [
        0,
        1,
        0xffff_ffff,
        0xffff_fffe,
        0xffff_fffd,
        0xffff_fffa,
        0x7fff_ffff,
        random(sectors),
        random(sectors),
        random(sectors),
      ],
      random,
    );
  const set = (offset: number, value: number): Uint8Array => {
    if (offset >= 0 && offset + 4 <= changed.length) view.setUint32(offset, value >>> 0, true);
    return changed;
  };
  switch (random(4)) {
    case 0:
      return set(pick([24, 28, 32, 40, 44, 48, 56, 60, 64, 68, 72, 76, 80], random), number());
    case 1:
      return set(at(view.getUint32(76, true)) + 4 * random(Math.min(sectors, sectorSize / 4)), number());
    case 2:
      return set(at(view.getUint32(60, true)) + 4 * random(sectorSize / 4), number());
    default: {
      const entry = at(view.getUint32(48, true) + random(3)) + 128 * random(sectorSize / 128);
      return set(entry + pick([0, 4, 64, 66, 68, 72, 76, 80, 96, 116, 120, 124], random), number());
    }
  } // biome-ignore format: short cases
}
