// The same answers from a file that is not protected: what ranges over HTTP cost without any cipher.
//   node bench/range-readers/plain-server.mjs FILE
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';

const pieceLength = 256 * 1024;
const file = await open(process.argv[2]);
const { size } = await file.stat();

const server = createServer(async (request, response) => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const from = Number(first);
  const length = Math.min(size, Number(last) + 1) - from;
  response.writeHead(206, {
    'content-length': length,
    'content-range': `bytes ${from}-${from + length - 1}/${size}`,
  });
  for (let done = 0; done < length && !response.destroyed; ) {
    const piece = Buffer.allocUnsafe(Math.min(pieceLength, length - done));
    await file.read(piece, 0, piece.length, from + done);
    done += piece.length;
    await new Promise((resolve) => {
      response.once('close', resolve);
      response.write(piece, () => {
        response.off('close', resolve);
        resolve();
      });
    });
  }
  response.end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`Serving ${process.argv[2]} at http://127.0.0.1:${server.address().port}/`);
await once(process, 'SIGTERM');
server.closeAllConnections();
server.close();
await file.close();
