// Writes test-vectors/labels: small images with and without labels, and what a reader must make of each.
// Independent of src/ on purpose, so that a mistake there cannot hide in the vectors.
// Usage: node tools/make-label-vectors.mjs

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const folder = fileURLToPath(new URL('../test-vectors/labels/', import.meta.url));
const ascii = (text) => Buffer.from(text, 'latin1');
const u16 = (value, little = false) => {
  const bytes = Buffer.alloc(2);
  if (little) bytes.writeUInt16LE(value);
  else bytes.writeUInt16BE(value);
  return bytes;
};
const u32 = (value, little = false) => {
  const bytes = Buffer.alloc(4);
  if (little) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
};

// Packets.

const label = '10000000-0000-4000-8000-000000000001';
const above = '10000000-0000-4000-8000-000000000002';
const site = '11111111-2222-3333-4444-555555555555';
const msip = 'http://www.microsoft.com/msip/1.0/';
const dublinCore =
  '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="A &amp; B"/>';

const xmp = (inside, { room = 200, end = 'w' } = {}) =>
  [
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${inside}</rdf:RDF></x:xmpmeta>`,
    `${' '.repeat(room)}<?xpacket end="${end}"?>`,
  ].join('');
const flat = `<rdf:Description rdf:about="" xmlns:msip="${msip}" msip:Sensitivity="General"
  msip:MSIP_Label_${label}_Enabled="True" msip:MSIP_Label_${label}_SiteId="${site}"
  msip:MSIP_Label_${label}_Name="General" msip:MSIP_Label_${label}_Method="Standard"
  msip:MSIP_Label_${label}_SetDate="2026-11-21T17:00:00Z" msip:MSIP_Label_${label}_ContentBits="0"/>`;
const elements = `<rdf:Description rdf:about="" xmlns:m='${msip}'>
  <m:MSIP_Label_${label}_Enabled>true</m:MSIP_Label_${label}_Enabled><m:MSIP_Label_${label}_Name>General</m:MSIP_Label_${label}_Name>
  <m:MSIP_Label_${label}_SiteId>${site}</m:MSIP_Label_${label}_SiteId></rdf:Description>`;
const structured = `<rdf:Description rdf:about="" xmlns:msip="${msip}" xmlns:l="http://www.microsoft.com/msip/label/1.0/"><msip:labels><rdf:Bag>
  <rdf:li rdf:parseType="Resource"><l:Id>${above}</l:Id><l:Name>Confidential</l:Name><l:Enabled>True</l:Enabled><l:SiteId>${site}</l:SiteId></rdf:li>
  <rdf:li rdf:parseType="Resource"><l:Id>${label}</l:Id><l:Name>Staff</l:Name><l:Enabled>True</l:Enabled><l:ParentId>${above}</l:ParentId><l:SiteId>${site}</l:SiteId></rdf:li>
  </rdf:Bag></msip:labels></rdf:Description>`;
const labelled = Buffer.from(xmp(dublinCore + flat));
const unlabelled = Buffer.from(xmp(dublinCore));
const utf16 = (text) => Buffer.from(text, 'utf16le').swap16();

const general = [{ id: label, enabled: true, name: 'General', siteId: site }];
const both = [
  { id: above, enabled: true, name: 'Confidential', siteId: site },
  { id: label, enabled: true, name: 'Staff', siteId: site, parentId: above },
];

// Images of one pixel.

const segment = (marker, ...data) => {
  const body = Buffer.concat(data);
  return Buffer.concat([Buffer.of(0xff, marker), u16(body.length + 2), body]);
};
const xap = ascii('http://ns.adobe.com/xap/1.0/\0');
const jfif = segment(0xe0, ascii('JFIF\0'), Buffer.of(1, 1, 0, 0, 1, 0, 1, 0, 0));
const exif = segment(0xe1, ascii('Exif\0\0MM\0*'), u32(8), u16(0), u32(0));
const jpegXmp = (packet) => segment(0xe1, xap, packet);
/** A scan of one grey block: every table as short as it can be. */
const jpegPixel = Buffer.concat([
  segment(0xdb, Buffer.of(0), Buffer.alloc(64, 1)),
  segment(0xc0, Buffer.of(8, 0, 1, 0, 1, 1, 1, 0x11, 0)),
  segment(0xc4, Buffer.of(0x00, 1), Buffer.alloc(15), Buffer.of(0)),
  segment(0xc4, Buffer.of(0x10, 1), Buffer.alloc(15), Buffer.of(0)),
  segment(0xda, Buffer.of(1, 1, 0, 0, 63, 0)),
  Buffer.of(0x3f, 0xff, 0xd9),
]);
const jpeg = (...segments) => Buffer.concat([Buffer.of(0xff, 0xd8), ...segments, jpegPixel]);

const chunk = (type, ...data) => {
  const body = Buffer.concat([ascii(type), ...data]);
  return Buffer.concat([u32(body.length - 4), body, u32(crc32(body))]);
};
const pngStart = [
  Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  chunk('IHDR', u32(1), u32(1), Buffer.of(8, 0, 0, 0, 0)),
];
const pngPixel = chunk('IDAT', deflateSync(Buffer.of(0, 128)));
const pngEnd = chunk('IEND');
const itxt = (packet, { packed = false, language = '' } = {}) =>
  chunk(
    'iTXt',
    ascii('XML:com.adobe.xmp\0'),
    Buffer.of(packed ? 1 : 0, 0),
    ascii(`${language}\0\0`),
    packed ? deflateSync(packet) : packet,
  );
const png = (...chunks) => Buffer.concat([...pngStart, ...chunks, pngPixel, pngEnd]);

const magicTrailer = Buffer.concat([
  Buffer.of(1),
  Buffer.from(Array.from({ length: 256 }, (_, i) => 255 - i)),
  Buffer.of(0),
]);
const gifXmp = (packet, trailer = magicTrailer) =>
  Buffer.concat([Buffer.of(0x21, 0xff, 11), ascii('XMP DataXMP'), packet, trailer]);
const gifStart = (version) =>
  Buffer.concat([ascii(version), Buffer.of(1, 0, 1, 0, 0x80, 0, 0), Buffer.of(0, 0, 0, 128, 128, 128)]);
const gifPixel = Buffer.of(0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 0x01, 0);
const gif = (version, ...blocks) => Buffer.concat([gifStart(version), ...blocks, Buffer.of(0x3b)]);

/** Pages of one grey pixel; each may have a packet, of type BYTE unless said otherwise. */
function tiff(little, pages) {
  const parts = [ascii(little ? 'II' : 'MM'), u16(42, little), u32(8, little)];
  let at = 8;
  for (const [index, page] of pages.entries()) {
    const entries = [
      [256, 3, 1],
      [257, 3, 1],
      [258, 3, 8],
      [259, 3, 1],
      [262, 3, 1],
      [273, 4, undefined],
      [277, 3, 1],
      [278, 3, 1],
      [279, 4, 1],
      ...(page.packet === undefined ? [] : [[700, page.type ?? 1, undefined]]),
      [33432, 2, undefined],
    ];
    const pixelAt = at + 2 + 12 * entries.length + 4;
    const noteAt = pixelAt + 2;
    const note = ascii('Nobody owns this.\0');
    const packetAt = noteAt + note.length;
    const packet = page.packet ?? Buffer.alloc(0);
    const next = packetAt + packet.length + (packet.length % 2);
    parts.push(u16(entries.length, little));
    for (const [tag, type, value] of entries) {
      const [count, field] =
        tag === 273
          ? [1, u32(pixelAt, little)]
          : tag === 33432
            ? [note.length, u32(noteAt, little)]
            : tag === 700
              ? [packet.length, u32(packetAt, little)]
              : [1, type === 3 ? Buffer.concat([u16(value, little), u16(0)]) : u32(value, little)];
      parts.push(u16(tag, little), u16(type, little), u32(count, little), field);
    }
    parts.push(u32(index === pages.length - 1 ? 0 : next, little));
    parts.push(Buffer.of(128, 0), note, packet, Buffer.alloc(packet.length % 2));
    at = next;
  }
  return Buffer.concat(parts);
}

/** Zero bytes in the padding where no decoder comes across them; with another length in front some would. */
function withHiddenZeros(packet) {
  const hidden = Buffer.from(packet);
  const landed = new Set();
  for (let at = 0; at < packet.length; at += 1 + packet[at]) landed.add(at);
  const padding = packet.lastIndexOf('</x:xmpmeta>') + 12;
  for (let at = padding; at < packet.lastIndexOf('<?xpacket'); at++) if (!landed.has(at)) hidden[at] = 0;
  return hidden;
}

// `change` is the code that setting a label must give; null if the label can be set.
const vectors = [
  ['jpeg-labelled.jpg', 'a packet behind JFIF and Exif', jpeg(jfif, exif, jpegXmp(labelled)), general],
  [
    'jpeg-elements.jpg',
    'facts as elements, another prefix',
    jpeg(jpegXmp(Buffer.from(xmp(elements)))),
    general,
  ],
  [
    'jpeg-structured.jpg',
    'the form of PFILEs in an image',
    jpeg(jpegXmp(Buffer.from(xmp(structured)))),
    both,
  ],
  [
    'jpeg-utf16.jpg',
    'a packet in UTF-16, most significant byte first',
    jpeg(jpegXmp(utf16(xmp(flat)))),
    general,
  ],
  ['jpeg-unlabelled.jpg', 'a packet about other things', jpeg(jfif, jpegXmp(unlabelled)), []],
  [
    'jpeg-plain.jpg',
    'no packet; one must stand behind JFIF and Exif',
    jpeg(jfif, exif, segment(0xfe, ascii('note'))),
    [],
  ],
  [
    'jpeg-fill-bytes.jpg',
    'bytes FF before a marker',
    jpeg(jfif, Buffer.of(0xff, 0xff), jpegXmp(labelled)),
    general,
  ],
  [
    'jpeg-behind-the-scan.jpg',
    'what looks like a packet behind the image data is none',
    Buffer.concat([jpeg(jfif), jpegXmp(labelled)]),
    [],
  ],
  [
    'jpeg-damaged-packet.jpg',
    'a packet that is no XML',
    jpeg(jpegXmp(labelled.subarray(0, 400))),
    [],
    'MALFORMED_CONTAINER',
  ],
  [
    'jpeg-segment-past-the-end.jpg',
    'a segment longer than the file',
    Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff), xap]),
    [],
    'MALFORMED_CONTAINER',
  ],
  [
    'jpeg-short-segment.jpg',
    'a segment shorter than its length field',
    jpeg(Buffer.of(0xff, 0xe1, 0, 1)),
    [],
    'MALFORMED_CONTAINER',
  ],
  ['png-labelled.png', 'a packet behind the header', png(itxt(labelled)), general],
  ['png-packed.png', 'a packet that is packed', png(itxt(labelled, { packed: true })), general],
  [
    'png-at-the-end.png',
    'a packet behind the image data, with a language',
    Buffer.concat([...pngStart, pngPixel, itxt(labelled, { language: 'en' }), pngEnd]),
    general,
  ],
  ['png-plain.png', 'no packet', png(chunk('tEXt', ascii('Comment\0XML:com.adobe.xmp'))), []],
  [
    'png-bomb.png',
    'a packed packet of 64 MB',
    png(itxt(Buffer.alloc(64 << 20), { packed: true })),
    [],
    'MALFORMED_CONTAINER',
  ],
  [
    'png-damaged-packing.png',
    'a packed packet that cannot be unpacked',
    png(chunk('iTXt', ascii('XML:com.adobe.xmp\0\u0001\0\0\0'), labelled)),
    [],
    'MALFORMED_CONTAINER',
  ],
  ['png-cut.png', 'it ends inside a chunk', png().subarray(0, -6), [], 'MALFORMED_CONTAINER'],
  ['gif-labelled.gif', 'a packet behind the image', gif('GIF89a', gifPixel, gifXmp(labelled)), general],
  [
    'gif-zeros-in-the-padding.gif',
    'zero bytes that no chain of sub-blocks may meet',
    gif('GIF89a', gifPixel, gifXmp(withHiddenZeros(labelled))),
    general,
  ],
  ['gif-plain.gif', 'no packet, the older version', gif('GIF87a', gifPixel), []],
  [
    'gif-without-trailer.gif',
    'a packet without the trailer that it needs',
    gif('GIF89a', gifXmp(Buffer.concat([Buffer.of(5), ascii('<?xpa')]), Buffer.of(0)), gifPixel),
    [],
    'MALFORMED_CONTAINER',
  ],
  [
    'gif-cut.gif',
    'it ends inside the image',
    gif('GIF89a', gifPixel).subarray(0, -5),
    [],
    'MALFORMED_CONTAINER',
  ],
  ['tiff-labelled-little.tif', 'least significant byte first', tiff(true, [{ packet: labelled }]), general],
  [
    'tiff-labelled-big.tif',
    'most significant byte first, entry of type UNDEFINED, a second page',
    tiff(false, [{ packet: labelled, type: 7 }, { packet: unlabelled }]),
    general,
  ],
  [
    'tiff-second-page.tif',
    'a packet of the second page does not count',
    tiff(true, [{}, { packet: labelled }]),
    [],
  ],
  [
    'tiff-no-room.tif',
    'a packet without padding: a new one goes to the end',
    tiff(false, [{ packet: Buffer.from(xmp(dublinCore, { room: 0, end: 'r' })) }, {}]),
    [],
  ],
  ['tiff-odd.tif', 'a file of odd length', Buffer.concat([tiff(true, [{}]), Buffer.of(0)]), []],
  [
    'tiff-wrong-type.tif',
    'an entry that does not hold bytes',
    tiff(true, [{ packet: labelled, type: 3 }]),
    [],
    'MALFORMED_CONTAINER',
  ],
  [
    'tiff-packet-past-the-end.tif',
    'a packet longer than the file',
    tiff(true, [{ packet: labelled }]).subarray(0, 600),
    [],
    'MALFORMED_CONTAINER',
  ],
  [
    'tiff-directory-past-the-end.tif',
    'a directory behind the end',
    Buffer.concat([ascii('II*\0'), u32(0xfffffff0, true)]),
    [],
    'MALFORMED_CONTAINER',
  ],
  [
    'tiff-big.tif',
    'BigTIFF',
    Buffer.concat([
      ascii('II'),
      u16(43, true),
      u16(8, true),
      u16(0),
      u32(16, true),
      u32(0),
      Buffer.alloc(16),
    ]),
    [],
    'UNSUPPORTED_FORMAT',
  ],
];

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) rmSync(folder + file);
const listed = vectors.map(([file, why, bytes, labels, change = null]) => {
  writeFileSync(folder + file, bytes);
  return { file, why, sha256: createHash('sha256').update(bytes).digest('hex'), labels, change };
});
const manifest = {
  format: 'labels in images',
  specification: 'spec/image-labels.md',
  note: 'A reader finds the labels under "labels". Setting a label gives the one error code under "change", or works if that is null.',
  vectors: listed,
};
writeFileSync(`${folder}manifest.json`, `${JSON.stringify(manifest, null, 1)}\n`);
