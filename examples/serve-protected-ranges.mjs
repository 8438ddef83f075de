// A server that keeps a file protected on its disk and serves its plaintext in ranges, as players that seek, viewers
// of large documents and downloads that go on need it. Each person who is signed in opens the file once, with their own
// rights; only the segments that are asked for are read and decrypted, and each request holds one piece of memory.
// Run it with: npm run build && node examples/serve-protected-ranges.mjs
// To serve a file of your own until it is stopped:
//   node examples/serve-protected-ranges.mjs --authority FOLDER --file PATH [--port NUMBER]
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SealwrightError } from 'sealwright';
import { initAuthority, openAuthority } from 'sealwright/authority/folder';
import { openFile, protectFile } from 'sealwright/node';

/** Bytes that are decrypted and sent at once: what a request takes of memory. */
const pieceLength = 256 * 1024;
/** For so long an opened file serves new requests. Then it is opened anew, so that a right that was withdrawn ends. */
const openMilliseconds = 60_000;

/** Opens the file once for each person; a file that was replaced is opened anew. */
function readersOf(path, authority) {
  const readers = new Map();
  const tidying = setInterval(tidy, 10_000).unref();

  function tidy(all = false) {
    for (const [key, reader] of readers) {
      if (!all && Date.now() < reader.until) continue;
      readers.delete(key);
      reader.over = true;
      if (reader.inUse === 0) close(reader);
    }
  }

  const close = ({ opening }) => opening.then((opened) => opened.close()).catch(() => {});

  return {
    /** What `use` is given is not closed before `use` has ended. */
    async with(user, use) {
      const { ino, size, mtimeNs } = await stat(path, { bigint: true });
      const key = `${user} ${ino} ${size} ${mtimeNs}`;
      let reader = readers.get(key);
      if (reader === undefined || Date.now() >= reader.until) {
        const opening = openFile(path, { service: authority.as(user) });
        if (reader) tidy();
        reader = { opening, inUse: 0, until: Date.now() + openMilliseconds, over: false };
        readers.set(key, reader);
        opening.catch(() => readers.get(key) === reader && readers.delete(key));
      }
      reader.inUse++;
      try {
        const opened = await reader.opening;
        opened.require('VIEW');
        reader.source ??= await opened.source();
        const etag = `"${opened.contentId.replace(/[{}]/g, '')}-${mtimeNs.toString(36)}"`;
        return await use({ source: reader.source, name: opened.name, etag });
      } finally {
        reader.inUse--;
        if (reader.over && reader.inUse === 0) close(reader);
      }
    },
    close() {
      clearInterval(tidying);
      tidy(true);
    },
  };
}

/**
 * What a Range header asks for. The whole if it is not understood, as HTTP has it; `undefined` if it cannot be had.
 * Several ranges at once are refused: players do not ask for them, and answering is work without limit.
 */
function rangeOf(header, size) {
  const whole = { from: 0, length: size, partial: false };
  if (header === undefined || !/^bytes=/i.test(header)) return whole;
  if (header.includes(',')) return undefined;
  const [, first, last] = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? ['', '', ''];
  if (first === '' && last === '') return whole;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return whole;
  return from < end ? { from, length: end - from, partial: true } : undefined;
}

/** Sends a part of the plaintext, a piece at a time: the next is decrypted when the system has taken the last. */
async function send(source, { from, length }, response) {
  const buffer = new Uint8Array(Math.min(pieceLength, length));
  for (let at = from; at < from + length && !response.destroyed; ) {
    // Pieces end where pieces of the file end, so that no segment is decrypted for two of them.
    const wanted = Math.min(buffer.length, from + length - at, pieceLength - (at % pieceLength));
    const piece = buffer.subarray(0, await source.readInto(at, buffer.subarray(0, wanted)));
    if (piece.length === 0) throw new Error('The content ended before its size.');
    at += piece.length;
    // A client that goes away may leave the last write without an answer.
    await new Promise((resolve) => {
      response.once('close', resolve);
      response.write(piece, () => {
        response.off('close', resolve);
        resolve();
      });
    });
  }
  response.end();
}

async function answer(request, response, readers) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  // Your own sign-in stands here: an authority in a folder believes whom you name.
  const user = request.headers['x-signed-in-user'];
  if (!user) {
    response.writeHead(401).end('Sign in first.');
    return;
  }
  await readers.with(user, async ({ source, name, etag }) => {
    const headers = {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      etag,
    };
    const { range, 'if-range': ifRange, 'if-none-match': known } = request.headers;
    if (known?.split(/\s*,\s*/).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    // Ranges are for GET, and of a file that changed since the client saw it they would not fit what it has.
    const applies = request.method === 'GET' && (ifRange === undefined || ifRange === etag);
    const wanted = rangeOf(applies ? range : undefined, source.size);
    if (wanted === undefined) {
      response.writeHead(416, { ...headers, 'content-range': `bytes */${source.size}` }).end();
      return;
    }
    const { from, length, partial } = wanted;
    response.writeHead(partial ? 206 : 200, {
      ...headers,
      'content-length': length,
      ...(partial ? { 'content-range': `bytes ${from}-${from + length - 1}/${source.size}` } : {}),
    });
    if (request.method === 'HEAD') response.end();
    else await send(source, wanted, response);
  });
}

/** Serves the plaintext of the protected file at `path`. */
async function serveRanges(path, authority, port) {
  const readers = readersOf(path, authority);
  const server = createServer((request, response) => {
    answer(request, response, readers).catch((error) => {
      // Half an answer cannot be taken back: the client sees that it was cut.
      if (response.headersSent) return response.destroy();
      const refused = error instanceof SealwrightError && error.code === 'ACCESS_DENIED';
      response.writeHead(refused ? 403 : 500).end(refused ? error.message : 'Something went wrong.');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      server.close();
      readers.close();
    },
  };
}

async function serveUntilStopped({ authority: folder, file, port }) {
  const authority = await openAuthority(folder);
  const running = await serveRanges(file, authority, Number(port ?? 0));
  console.log(`Serving ${file} at ${running.url}`);
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  running.close();
  await authority.close();
}

async function show() {
  const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
  const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
  let running;
  try {
    // Nine million bytes of which each four tell where they are.
    const film = Buffer.from(Uint32Array.from({ length: 2_250_000 }, (_, place) => place).buffer);
    await writeFile(join(folder, 'film.bin'), film);
    const { path } = await protectFile(join(folder, 'film.bin'), {
      service: authority.as('alice@contoso.com'),
      policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] },
    });
    running = await serveRanges(path, authority, 0);
    const ask = (headers, method = 'GET', user = 'bob@contoso.com') =>
      fetch(running.url, { method, headers: { 'x-signed-in-user': user, ...headers } });

    const head = await ask({}, 'HEAD');
    assert.equal(head.headers.get('content-length'), String(film.length));
    const etag = head.headers.get('etag');
    console.log(`Bob asked how large the film is: ${film.length} bytes, version ${etag}.`);

    const piece = await ask({ range: 'bytes=4000000-4999999' });
    assert.equal(piece.status, 206);
    assert.equal(piece.headers.get('content-range'), `bytes 4000000-4999999/${film.length}`);
    assert(film.subarray(4_000_000, 5_000_000).equals(Buffer.from(await piece.arrayBuffer())));
    const end = await ask({ range: 'bytes=-1000', 'if-range': etag });
    assert.equal(end.status, 206);
    assert(film.subarray(-1000).equals(Buffer.from(await end.arrayBuffer())));
    console.log('He got a million bytes out of its middle, and its last thousand.');

    const other = await ask({ range: 'bytes=0-99', 'if-range': '"another version"' });
    assert.equal(other.status, 200);
    assert(film.equals(Buffer.from(await other.arrayBuffer())));
    assert.equal((await ask({ 'if-none-match': etag })).status, 304);
    for (const range of [`bytes=${film.length}-`, 'bytes=0-1,5-9']) {
      const refused = await ask({ range });
      assert.equal(refused.status, 416);
      assert.equal(refused.headers.get('content-range'), `bytes */${film.length}`);
    }
    console.log('Of another version he would have got the whole; a range behind the end was refused.');

    const left = await ask({});
    await left.body.cancel();
    const eve = await ask({ range: 'bytes=0-99' }, 'GET', 'eve@fabrikam.com');
    assert.equal(eve.status, 403);
    console.log(`He left in the middle of a download, and nothing was lost. Eve got ${eve.status}.`);
  } finally {
    running?.close();
    await authority.close();
    await rm(folder, { recursive: true });
  }
}

const { values } = parseArgs({
  options: { authority: { type: 'string' }, file: { type: 'string' }, port: { type: 'string' } },
});
await (values.file === undefined ? show() : serveUntilStopped(values));
