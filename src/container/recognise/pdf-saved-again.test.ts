import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeUtf8, memorySource } from '../../bytes/index.ts';
import { detectionBytes } from '../container-format.ts';
import { bytesOf, openedBytes, protectedBytes } from '../pdf/protect/protect.test-support.ts';
import { readPdf } from '../pdf/read/read-pdf.ts';
import { buildPdf, withPage } from '../pdf/test/build-pdf.ts';
import { installed, run, temporaryFolder } from '../pdf/test/tools.ts';
import { readWrapper } from '../pdf/wrapper/read-wrapper.ts';
import { wrapped } from '../pdf/wrapper/write-wrapper.ts';
import { recognise } from './recognise.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const original = withPage(buildPdf(), 'BT (content) Tj ET').table('/Size 5/Root 1 0 R').end().bytes();
const payload = await protectedBytes(original);
const label = 'MSIP_Label_10000000-0000-4000-8000-000000000001_';
const wrapper = await bytesOf(
  wrapped(
    {
      size: payload.length,
      writeTo: async (sink) => {
        await sink.write(payload);
        return payload.length;
      },
    },
    {
      metadata: encodeUtf8('<?xpacket begin="" id="x"?><x/><?xpacket end="w"?>'),
      labelProperties: [[`${label}Name`, 'Secret']],
    },
  ),
);
const path = folder.path('wrapper.pdf');
writeFileSync(path, wrapper);
const note = folder.path('note.txt');
writeFileSync(note, 'A file that somebody attached.');

/** How people and programs save what they think is a document of one page. */
const ways: readonly (readonly [
  what: string,
  program: string,
  options: (to: string) => readonly string[],
])[] = [
  ['qpdf, with object streams', 'qpdf', (to) => ['--object-streams=generate', path, to]],
  [
    'qpdf, with all compressed anew',
    'qpdf',
    (to) => ['--object-streams=generate', '--recompress-flate', '--compression-level=9', path, to],
  ],
  ['qpdf, with nothing compressed', 'qpdf', (to) => ['--qdf', path, to]],
  ['qpdf, with its objects numbered anew', 'qpdf', (to) => ['--object-streams=disable', path, to]],
  ['qpdf, linearized', 'qpdf', (to) => ['--linearize', '--object-streams=generate', path, to]],
  ['qpdf, with a file attached', 'qpdf', (to) => ['--add-attachment', note, '--', path, to]],
  [
    'qpdf, as an older version',
    'qpdf',
    (to) => ['--force-version=1.4', '--object-streams=disable', path, to],
  ],
  ['MuPDF, cleaned', 'mutool', (to) => ['clean', '-gggg', '-z', path, to]],
  ['MuPDF, with nothing compressed', 'mutool', (to) => ['clean', '-d', path, to]],
  ['poppler, with a file attached', 'pdfattach', (to) => [path, note, to]],
];

const programs = new Set(['qpdf', 'mutool', 'pdfattach'].filter(installed));

const missing = ['qpdf', 'mutool', 'pdfattach'].filter((program) => !programs.has(program));

describe(`a wrapper that another program saved again${missing.length > 0 ? ` (skipped without ${missing.join(', ')})` : ''}`, () => {
  it.each(ways.filter(([, program]) => programs.has(program)))(
    'is still told for a protected PDF: by %s',
    async (what, program, options) => {
      const to = folder.path(`${what.replace(/\W+/g, '-')}.pdf`);
      run(program, options(to));
      const bytes = new Uint8Array(readFileSync(to));
      expect((await recognise(bytes.subarray(0, detectionBytes), memorySource(bytes))).kind).toBe('pdf');
      const found = await readWrapper(await readPdf(memorySource(bytes)));
      const inside = new Uint8Array(await found!.source.read(0, found!.source.size!));
      expect(Buffer.compare(inside, payload)).toBe(0);
      expect(found!.labelProperties).toContainEqual([`${label}Name`, 'Secret']);
      expect(Buffer.from(found!.metadata).toString()).toContain('xpacket');
      expect(Buffer.from(await openedBytes(inside)).toString('latin1')).toContain('BT (content) Tj ET');
    },
  );
});
