// Writes test-vectors/compound-file: small compound files, and what is in each.
// Independent of src/ on purpose, so that a mistake there cannot hide in the vectors.
// Usage: node tools/make-compound-file-vectors.mjs

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test-vectors/compound-file/', import.meta.url));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const [difatMark, fatMark, end, free] = [0xfffffffc, 0xfffffffd, 0xfffffffe, 0xffffffff];

/** The content of every stream: it follows from its size. */
const contentOf = (size) =>
  Buffer.from(Array.from({ length: size }, (_, i) => (i * 37 + size * 11 + 1) & 0xff));
const stream = (name, size, more = {}) => ({ kind: 'stream', name, size, ...more });
const storage = (name, entries, more = {}) => ({ kind: 'storage', name, entries, ...more });

/** Names are ASCII here: shorter ones first, then without case. */
const order = (a, b) =>
  a.name.length - b.name.length || (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1);

/** Entries with stream IDs and links. `chained`: each storage is a list instead of a tree, all black. */
function directoryOf(root, chained) {
  const all = [
    { item: { kind: 'storage', name: 'Root Entry', ...root }, left: free, right: free, black: true },
  ];
  for (const entry of all) {
    entry.child = free;
    if (entry.item.kind === 'stream' || entry.item.entries.length === 0) continue;
    const first = all.length;
    const nodes = [...entry.item.entries]
      .sort(order)
      .map((item) => ({ item, left: free, right: free, black: true }));
    all.push(...nodes);
    if (chained) {
      for (const [i, node] of nodes.entries()) if (i + 1 < nodes.length) node.right = first + i + 1;
      entry.child = first;
      continue;
    }
    let full = 0;
    while (2 ** (full + 1) - 1 <= nodes.length) full++;
    const link = (from, to, level) => {
      if (from === to) return free;
      const middle = from + Math.floor((to - from) / 2);
      nodes[middle].left = link(from, middle, level + 1);
      nodes[middle].right = link(middle + 1, to, level + 1);
      nodes[middle].black = level < full;
      return first + middle;
    };
    entry.child = link(0, nodes.length, 0);
  }
  return all;
}

/** A file as spec/compound-file.md, "Writing" has it; or `foreign`: sectors back to front, trees that are lists. */
function compoundFile({ version = 3, root = {}, entries, foreign = false }) {
  const sector = version === 3 ? 512 : 4096;
  const perSector = sector / 4;
  const count = (bytes) => Math.ceil(bytes / sector);
  const directory = directoryOf({ entries, ...root }, foreign);
  const streams = directory.filter(({ item }) => item.kind === 'stream' && item.size > 0);
  streams.sort((a, b) => Number(a.item.pending ?? false) - Number(b.item.pending ?? false));
  const small = streams.filter(({ item }) => item.size < 4096);
  const large = streams.filter(({ item }) => item.size >= 4096);
  const pending = large.filter(({ item }) => item.pending);

  const miniFat = [];
  const miniParts = [];
  for (const entry of small) {
    entry.start = miniFat.length;
    const needed = Math.ceil(entry.item.size / 64);
    for (let i = 1; i < needed; i++) miniFat.push(miniFat.length + 1);
    miniFat.push(end);
    miniParts.push(contentOf(entry.item.size), Buffer.alloc(needed * 64 - entry.item.size));
  }
  const miniStream = Buffer.concat(miniParts);
  while (miniFat.length % perSector !== 0) miniFat.push(free);
  const miniFatBytes = Buffer.concat(
    miniFat.map((number) => {
      const field = Buffer.alloc(4);
      field.writeUInt32LE(number);
      return field;
    }),
  );

  const directoryLength = count(directory.length * 128);
  const data =
    directoryLength +
    count(miniFatBytes.length) +
    count(miniStream.length) +
    large.reduce((sum, { item }) => sum + count(item.size), 0);
  let [fatLength, difatLength] = [0, 0];
  for (let tries = 0; tries < 20; tries++) {
    fatLength = Math.ceil((data + fatLength + difatLength) / perSector);
    difatLength = Math.ceil(Math.max(0, fatLength - 109) / (perSector - 1));
  }
  const total = data + fatLength + difatLength;
  const number = (place) => (foreign ? total - 1 - place : place);
  const file = Buffer.alloc((total + 1) * sector);
  const fat = new Array(fatLength * perSector).fill(free);
  let place = difatLength + fatLength;
  const chain = (bytes) => {
    if (bytes.length === 0) return end;
    const from = place;
    for (let at = 0; at < bytes.length; at += sector, place++) {
      bytes.copy(file, (number(place) + 1) * sector, at, at + sector);
      fat[number(place)] = at + sector < bytes.length ? number(place + 1) : end;
    }
    return number(from);
  };

  const directoryBytes = Buffer.alloc(directoryLength * sector);
  const firstDirectory = chain(directoryBytes);
  const firstMiniFat = chain(miniFatBytes);
  for (const entry of large) if (!entry.item.pending) entry.start = chain(contentOf(entry.item.size));
  directory[0].start = chain(miniStream);
  directory[0].size = miniStream.length;
  for (const entry of pending) entry.start = chain(contentOf(entry.item.size));

  for (let at = 0; at < directoryBytes.length; at += 128) {
    const entry = directory[at / 128] ?? { left: free, right: free, child: free };
    for (const [i, link] of [entry.left, entry.right, entry.child].entries())
      directoryBytes.writeUInt32LE(link, at + 0x44 + 4 * i);
    const { item } = entry;
    if (item === undefined) continue;
    directoryBytes.write(item.name, at, 'utf16le');
    directoryBytes.writeUInt16LE(2 * item.name.length + 2, at + 0x40);
    directoryBytes[at + 0x42] = at === 0 ? 5 : item.kind === 'storage' ? 1 : 2;
    directoryBytes[at + 0x43] = entry.black ? 1 : 0;
    if (item.classId) directoryBytes.write(item.classId, at + 0x50, 'hex');
    directoryBytes.writeUInt32LE(item.stateBits ?? 0, at + 0x60);
    directoryBytes.writeBigUInt64LE(BigInt(item.created ?? 0), at + 0x64);
    directoryBytes.writeBigUInt64LE(BigInt(item.modified ?? 0), at + 0x6c);
    const size = entry.size ?? item.size ?? 0;
    directoryBytes.writeUInt32LE(
      item.kind === 'storage' && at > 0 ? 0 : size > 0 ? entry.start : end,
      at + 0x74,
    );
    directoryBytes.writeUInt32LE(size, at + 0x78);
    // Old writers left garbage in the upper half, which version 3 does not use.
    if (foreign && item.kind === 'stream' && version === 3)
      directoryBytes.writeUInt32LE(0xcccccccc, at + 0x7c);
  }
  for (let i = 0; i < directoryLength; i++)
    directoryBytes.copy(
      file,
      (number(difatLength + fatLength + i) + 1) * sector,
      i * sector,
      (i + 1) * sector,
    );

  const slots = [];
  for (let i = 0; i < difatLength; i++) fat[number(i)] = difatMark;
  for (let i = 0; i < fatLength; i++) {
    slots.push(number(difatLength + i));
    fat[number(difatLength + i)] = fatMark;
  }
  for (const [i, entry] of fat.entries())
    file.writeUInt32LE(entry, (slots[Math.floor(i / perSector)] + 1) * sector + 4 * (i % perSector));
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  for (const [at, value] of [
    [0x18, foreign ? 0x3b : 0x3e],
    [0x1a, version],
    [0x1c, 0xfffe],
    [0x1e, version === 3 ? 9 : 12],
    [0x20, 6],
  ])
    file.writeUInt16LE(value, at);
  for (const [at, value] of [
    [0x28, version === 3 ? 0 : directoryLength],
    [0x2c, fatLength],
    [0x30, firstDirectory],
    [0x38, 4096],
    [0x3c, firstMiniFat],
    [0x40, count(miniFatBytes.length)],
    [0x44, difatLength === 0 ? end : number(0)],
    [0x48, difatLength],
  ])
    file.writeUInt32LE(value, at);
  for (let i = 0; i < 109; i++) file.writeUInt32LE(slots[i] ?? free, 0x4c + 4 * i);
  for (let i = 0; i < difatLength; i++) {
    const at = (number(i) + 1) * sector;
    for (let k = 0; k < perSector - 1; k++)
      file.writeUInt32LE(slots[109 + i * (perSector - 1) + k] ?? free, at + 4 * k);
    file.writeUInt32LE(i + 1 < difatLength ? number(i + 1) : end, at + sector - 4);
  }
  return file;
}

/** What must be read: storages and streams in the order of the format. */
function expectation(entries) {
  return [...entries].sort(order).map((item) =>
    item.kind === 'stream'
      ? {
          kind: 'stream',
          name: item.name,
          size: item.size,
          sha256: sha256(contentOf(item.size)),
          ...(item.pending && { pending: true }),
        }
      : { ...facts(item), kind: 'storage', name: item.name, entries: expectation(item.entries) },
  );
}

function facts({ classId = '00'.repeat(16), stateBits = 0, created = '0', modified = '0' }) {
  return { classId, stateBits, created, modified };
}

const vectors = [];
function vector(name, why, options) {
  const bytes = compoundFile(options);
  const { created: _, ...root } = facts(options.root ?? {});
  const expect = { version: options.version ?? 3, ...root, entries: expectation(options.entries) };
  vectors.push({
    name,
    why,
    bytes,
    stored: options.stored ?? true,
    written: !(options.foreign ?? false),
    expect,
  });
}

const classId = '0609020000000000c000000000000046';
const mixed = [
  stream('\x05SummaryInformation', 300),
  stream('Large', 5000),
  stream('Empty', 0),
  storage('Storage', [stream('Small', 65), stream('Also large', 4608)], {
    classId,
    stateBits: 0x80000001,
    created: '132000000000000000',
    modified: '132000000000000001',
  }),
  storage('Empty storage', []),
];
const root = { classId, stateBits: 7, modified: '133000000000000000' };
const protectedDocument = (size) => [
  stream('EncryptedPackage', size, { pending: true }),
  storage('\x06DataSpaces', [
    stream('Version', 76),
    stream('DataSpaceMap', 144),
    storage('DataSpaceInfo', [stream('DRMEncryptedDataSpace', 72)]),
    storage('TransformInfo', [storage('DRMEncryptedTransform', [stream('\x06Primary', 6000)])]),
  ]),
  stream('\x05SummaryInformation', 200),
];
const around = [0, 1, 63, 64, 65, 511, 512, 513, 4032, 4095].map((size) => stream(`Size ${size}`, size));

vector('empty-v3', 'the smallest file: three sectors', { entries: [] });
vector('empty-v4', 'the same in version 4', { version: 4, entries: [] });
vector('mixed-v3', 'small, large and empty streams; storages with everything they can have', {
  root,
  entries: mixed,
});
vector('mixed-v4', 'the same in version 4', { version: 4, root, entries: mixed });
vector('mini-only', 'nothing but the mini stream, sizes around its sectors and those of the file', {
  entries: around,
});
vector('cutoff', 'one byte below, at, and above the size that separates small from large', {
  entries: [4095, 4096, 4097].map((size) => stream(`Size ${size}`, size)),
});
vector('many-names', 'one tree of 100 entries: two lengths, mixed case', {
  entries: Array.from({ length: 100 }, (_, i) => stream(`${i % 2 ? 'Name' : 'NAME'} ${i}`, i % 3)),
});
vector('deep', 'a stream 64 names down from the root', {
  entries: Array.from({ length: 63 }).reduce(
    (inside, _, i) => [storage(`Level ${i}`, inside)],
    [stream('Bottom', 10)],
  ),
});
vector('pending-large', 'content that is to be streamed is last in the file', {
  entries: protectedDocument(9000),
});
vector(
  'pending-small',
  'small content that is to be streamed is last in the mini stream, which is last in the file',
  {
    entries: protectedDocument(1000),
  },
);
vector(
  'foreign-v3',
  'sectors back to front, storages as lists, upper halves of sizes garbage, minor version 59',
  {
    foreign: true,
    root,
    entries: [...mixed, ...around],
  },
);
vector('foreign-v4', 'the same in version 4', {
  version: 4,
  foreign: true,
  root,
  entries: [...mixed, ...around],
});
vector('difat', 'needs one sector of DIFAT; too large to be stored, make it and compare the hash', {
  stored: false,
  entries: [stream('Large', 7_500_000), stream('Small', 100)],
});

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith('.bin')) rmSync(folder + name);
const manifest = {
  format: 'compound file, [MS-CFB]',
  specification: 'spec/compound-file.md',
  note:
    'Each file holds what "expect" says, in the order of the format. "written": a writer that follows "Writing" makes the same bytes of it; ' +
    'the content marked "pending" is laid out last. "file" null: too large to be stored here. ' +
    'Byte i of a stream of n bytes is (37 i + 11 n + 1) mod 256. Times are FILETIME, class ids as stored.',
  vectors: vectors.map(({ name, why, bytes, stored, written, expect }) => {
    const file = stored ? `${name}.bin` : null;
    if (stored) writeFileSync(folder + file, bytes);
    return { name, file, why, size: bytes.length, sha256: sha256(bytes), written, expect };
  }),
};
writeFileSync(`${folder}manifest.json`, `${JSON.stringify(manifest, null, 1)}\n`);
