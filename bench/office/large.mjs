// A large presentation whose media do not compress: protecting and opening it from file to file beside `cp`, and
// taking one part out of the protected file over HTTP ranges without downloading the rest. Takes three times the
// size on disk:
//   node bench/office/large.mjs [--size GIB] [--folder DIR] [--mode CIPHER-MODE]
import { execFileSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { inspect, open } from 'sealwright';
import { initAuthority, openAuthority } from 'sealwright/authority/folder';
import { httpSource } from './http-source.mjs';
import { extractEntry, listEntries } from './zip-at-a-distance.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '2' },
    folder: { type: 'string', default: tmpdir() },
    mode: { type: 'string', default: 'SEALWRIGHT.GCM64K' },
  },
});
const mediaBytes = 128 * 1024 * 1024;
const mediaCount = Math.max(1, Math.round((Number(values.size) * 2 ** 30) / mediaBytes));
const wanted = 'ppt/slides/slide1.xml';
const slide = `<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><!-- ${'one slide of many. '.repeat(20_000)}--></p:sld>`;
const limit = 150e6;
const folder = mkdtempSync(join(values.folder, 'sealwright-large-office-'));
const at = (name) => join(folder, name);
let failed = false;

try {
  await writePresentation(at('large.pptx'));
  const size = statSync(at('large.pptx')).size;
  console.log(
    `${size} bytes, ${values.mode}, ${cpus().length} x ${cpus()[0]?.model}, Node ${process.versions.node}`,
  );
  await (await initAuthority(at('authority'))).close();
  const original = hash(at('large.pptx'));

  report(
    'cp',
    size,
    timed(() => execFileSync('cp', [at('large.pptx'), at('copy')])),
  );
  rmSync(at('copy'));
  const protecting = run('protect', at('large.pptx'), at('protected.pptx'));
  report('protect', size, protecting);
  rmSync(at('large.pptx'));
  const opening = run('open', at('protected.pptx'), at('opened.pptx'));
  report('open', size, opening);
  check('the opened presentation is the original, by SHA-256', hash(at('opened.pptx')) === original);
  check(`peak memory is below ${limit / 1e6} MB`, Math.max(protecting.peakBytes, opening.peakBytes) < limit);
  rmSync(at('opened.pptx'));
  otherReaders(at('protected.pptx'));
  await overHttp(at('protected.pptx'));
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;

function check(what, holds) {
  if (!holds) failed = true;
  console.log(`  ${holds ? 'ok    ' : 'FAILED'} ${what}`);
}

/** Writes a package as it is made, so that this process needs no more memory than the others. */
async function writePresentation(path) {
  const file = openSync(path, 'wx');
  let finished = false;
  const zip = new Zip((error, bytes, final) => {
    if (error) throw error;
    writeSync(file, bytes);
    finished = final;
  });
  const add = (entry, chunks) => {
    zip.add(entry);
    for (let i = 0; i < chunks.length; i++) entry.push(chunks[i], i === chunks.length - 1);
  };
  const text = (name, xml) => add(new ZipDeflate(name, { level: 6 }), [new TextEncoder().encode(xml)]);
  const office = 'http://schemas.openxmlformats.org';
  const main = 'application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml';
  text(
    '[Content_Types].xml',
    `<Types xmlns="${office}/package/2006/content-types"><Default Extension="mp4" ContentType="video/mp4"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/ppt/presentation.xml" ContentType="${main}"/></Types>`,
  );
  text(
    '_rels/.rels',
    `<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="ppt/presentation.xml"/></Relationships>`,
  );
  text('ppt/presentation.xml', `<p:presentation xmlns:p="${office}/presentationml/2006/main"/>`);
  const chunk = new Uint8Array(4 * 1024 * 1024);
  for (let i = 0; i < mediaCount; i++) {
    if (i === mediaCount >> 1) text(wanted, slide);
    const entry = new ZipPassThrough(`ppt/media/media${i}.mp4`);
    zip.add(entry);
    for (let written = 0; written < mediaBytes; written += chunk.length)
      entry.push(randomFillSync(chunk), written + chunk.length >= mediaBytes);
  }
  zip.end();
  if (!finished) throw new Error('The package was not finished.');
  closeSync(file);
}

function timed(work) {
  const start = process.hrtime.bigint();
  work();
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9 };
}

/** Works in a process of its own, which tells its seconds and peak memory. */
function run(work, from, to) {
  const program = fileURLToPath(new URL('../files/case.mjs', import.meta.url));
  return JSON.parse(
    execFileSync(process.execPath, [program, work, at('authority'), from, to, values.mode]).toString(),
  );
}

function report(what, size, { seconds, peakBytes }) {
  const peak = peakBytes === undefined ? '' : `, peak ${(peakBytes / 1e6).toFixed(0)} MB`;
  console.log(`${what.padEnd(8)} ${seconds.toFixed(2)} s, ${(size / seconds / 1e6).toFixed(0)} MB/s${peak}`);
}

function hash(path) {
  const sha256 = createHash('sha256');
  const file = openSync(path, 'r');
  const buffer = new Uint8Array(4 * 1024 * 1024);
  for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer))
    sha256.update(buffer.subarray(0, count));
  closeSync(file);
  return sha256.digest('hex');
}

/** What others say of a compound file of this size, where they are installed. */
function otherReaders(path) {
  const head = Buffer.alloc(32);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  console.log(`protected: ${statSync(path).size} bytes, version ${head.readUInt16LE(26)} of compound files`);
  const tell = (what, command, options, found) => {
    try {
      const output = execFileSync(command, options, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
      check(`${what} lists the content`, found(output));
    } catch (error) {
      console.log(`  ${error.code === 'ENOENT' ? 'skipped' : 'FAILED '} ${what}`);
      if (error.code !== 'ENOENT') failed = true;
    }
  };
  tell('7-Zip', '7zz', ['l', '-ba', '-slt', '-tCompound', path], (text) =>
    /^Path = EncryptedPackage$/m.test(text),
  );
  const program = 'import sys, olefile; print(olefile.OleFileIO(sys.argv[1]).get_size("EncryptedPackage"))';
  tell('olefile', '/usr/bin/python3', ['-c', program, path], (text) => Number(text) > 1e6);
}

/** Lists the parts of the protected package on a server, and takes one out. */
async function overHttp(path) {
  const size = statSync(path).size;
  const served = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) return response.writeHead(200, { 'content-length': size }).end();
    const [start, end] = [Number(from), Math.min(Number(to), size - 1)];
    served.requests++;
    served.bytes += end - start + 1;
    response.writeHead(206, {
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    });
    createReadStream(path, { start, end }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/large.pptx`;
  const authority = await openAuthority(at('authority'));
  const since = (what, before, start) =>
    console.log(
      `  ${what}: ${served.bytes - before.bytes} bytes in ${served.requests - before.requests} requests, ` +
        `${(performance.now() - start).toFixed(0)} ms`,
    );
  try {
    const whole = performance.now();
    let [before, start] = [{ ...served }, performance.now()];
    await inspect(await httpSource(url));
    since('inspect', before, start);
    [before, start] = [{ ...served }, performance.now()];
    const opened = await open(await httpSource(url), { service: authority.as('alice@contoso.com') });
    const source = await opened.source();
    since('open', before, start);
    [before, start] = [{ ...served }, performance.now()];
    const entries = await listEntries(source);
    since(`list ${entries.length} parts with fflate`, before, start);
    [before, start] = [{ ...served }, performance.now()];
    const part = await extractEntry(
      source,
      entries.find(({ name }) => name === wanted),
    );
    since(`extract ${wanted} (${part.length} bytes) with fflate`, before, start);
    check('the part is what was put in', new TextDecoder().decode(part) === slide);
    const share = ((served.bytes / size) * 100).toFixed(3);
    console.log(
      `  in all ${served.bytes} of ${size} bytes (${share} %), ${(performance.now() - whole).toFixed(0)} ms`,
    );
    check('less than 2 % of the file was downloaded', served.bytes < size / 50);
    opened.close();
  } finally {
    await authority.close();
    server.close();
  }
}
