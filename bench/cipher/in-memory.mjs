// One case a process: node bench/cipher/in-memory.mjs CASE [window bytes]; `npm run build` first.
// CASE: cbc-encrypt, cbc-decrypt, ecb, gcm, stream, random-read. All together: node bench/cipher/run.mjs
import crypto from 'node:crypto';
import { libraryEntry } from '../measuring/library.mjs';
import { measure, report } from './measure.mjs';

const { cipherMode, nobleBackend, webcryptoBackend, encryptStream, decryptStream, decryptedSource } =
  await libraryEntry('cipher');

const window = Number(process.argv[3] ?? 8 * 1024 * 1024);
const key = crypto.randomBytes(32);
const input = new Uint8Array(window);
for (let at = 0; at < window; at += 65536) crypto.randomFillSync(input, at, Math.min(65536, window - at));
const output = new Uint8Array(window + 65536);
const cbc4k = cipherMode('MICROSOFT.CBC4K');
const nothing = new Uint8Array(0);
const call = 65536;
/** noble is slow: it gets a slice, and its time is scaled. */
const nobleShare = 16;

const raw = (make, size = call) => {
  const cipher = make();
  cipher.setAutoPadding(false);
  return () => {
    for (let at = 0; at < window; at += size) cipher.update(input.subarray(at, at + size));
  };
};
const copy = () => output.set(input);

async function cbcEncrypt() {
  const encryptor = cbc4k.encryptor(key);
  const noble = cbc4k.encryptor(key, { backend: nobleBackend });
  const web = await cbc4k.encryptor(key, { backend: webcryptoBackend });
  const ivs = crypto.createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const seconds = await measure({
    'node raw CBC, serial': raw(() => crypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16))),
    'CBC4K encrypt': () => encryptor.encrypt(input, 0, true, output),
    'cipher object per segment': () => {
      const counter = Buffer.alloc(16);
      for (let at = 0, k = 0; at < window; at += 4096, k++) {
        counter.writeUInt32LE(k);
        const cipher = crypto.createCipheriv('aes-256-cbc', key, ivs.update(counter)).setAutoPadding(false);
        output.set(cipher.update(input.subarray(at, at + 4096)), at);
      }
    },
    'WebCrypto CBC4K encrypt': () => web.encrypt(input, 0, true, output),
    'noble CBC4K encrypt (of 1/16)': () =>
      noble.encrypt(input.subarray(0, window / nobleShare), 0, true, output),
    'memory copy': copy,
  });
  seconds['noble CBC4K encrypt (of 1/16)'] *= nobleShare;
  report(`AES-256-CBC encrypt, window ${window}`, seconds, window, 'node raw CBC, serial');
}

async function cbcDecrypt() {
  const plain = cipherMode('MICROSOFT.CBC4K.NOPADDING');
  const decryptor = plain.decryptor(key, nothing);
  const noble = plain.decryptor(key, nothing, { backend: nobleBackend });
  const web = await plain.decryptor(key, nothing, { backend: webcryptoBackend });
  const ivs = crypto.createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const seconds = await measure({
    'node raw CBC decrypt': raw(() => crypto.createDecipheriv('aes-256-cbc', key, Buffer.alloc(16)), 131072),
    'CBC4K decrypt': () => decryptor.decrypt(input, 0, true, output),
    'cipher object per segment': () => {
      const counter = Buffer.alloc(16);
      for (let at = 0, k = 0; at < window; at += 4096, k++) {
        counter.writeUInt32LE(k);
        const cipher = crypto.createDecipheriv('aes-256-cbc', key, ivs.update(counter)).setAutoPadding(false);
        output.set(cipher.update(input.subarray(at, at + 4096)), at);
      }
    },
    'WebCrypto CBC4K decrypt': () => web.decrypt(input, 0, true, output),
    'noble CBC4K decrypt (of 1/16)': () =>
      noble.decrypt(input.subarray(0, window / nobleShare), 0, true, output),
    'memory copy': copy,
  });
  seconds['noble CBC4K decrypt (of 1/16)'] *= nobleShare;
  report(`AES-256-CBC decrypt, window ${window}`, seconds, window, 'node raw CBC decrypt');
}

async function ecb() {
  const encryptor = cipherMode('MICROSOFT.ECB').encryptor(key);
  const decryptor = cipherMode('MICROSOFT.ECB').decryptor(key, nothing);
  const seconds = await measure({
    'node raw ECB': raw(() => crypto.createCipheriv('aes-256-ecb', key, null), 131072),
    'ECB encrypt': () => encryptor.encrypt(input, 0, true, output),
    'ECB decrypt': () => decryptor.decrypt(input, 0, true, output),
    'memory copy': copy,
  });
  report(`AES-256-ECB, window ${window}`, seconds, window, 'node raw ECB');
}

async function gcm() {
  const mode = cipherMode('SEALWRIGHT.GCM64K');
  const encryptor = mode.encryptor(key);
  const decryptor = mode.decryptor(key, encryptor.preamble);
  const webEncryptor = await mode.encryptor(key, { backend: webcryptoBackend });
  const noble = mode.encryptor(key, { backend: nobleBackend });
  const sealed = new Uint8Array(mode.encryptedLength(window) - 32);
  const segments = Math.ceil(window / call);
  encryptor.encrypt(input, 0, true, sealed);
  const nonce = Buffer.alloc(12);
  const seconds = await measure({
    'node raw GCM, 64 KiB': () => {
      for (let k = 0; k < segments; k++) {
        nonce.writeUInt32LE(k);
        const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce);
        cipher.update(input.subarray(k * call, (k + 1) * call));
        cipher.final();
        cipher.getAuthTag();
      }
    },
    'GCM64K encrypt': () => encryptor.encrypt(input, 0, true, output),
    'GCM64K decrypt': () => decryptor.decrypt(sealed, 0, true, output),
    'WebCrypto GCM64K encrypt': () => webEncryptor.encrypt(input, 0, true, output),
    'noble GCM64K encrypt (of 1/16)': () =>
      noble.encrypt(input.subarray(0, window / nobleShare), 0, true, output),
    'memory copy': copy,
  });
  seconds['noble GCM64K encrypt (of 1/16)'] *= nobleShare;
  report(`AES-256-GCM, window ${window}`, seconds, window, 'node raw GCM, 64 KiB');
}

async function stream() {
  const chunks = 32;
  const size = 1024 * 1024;
  const chunk = input.subarray(0, size);
  const source = (of) => {
    let n = 0;
    return new ReadableStream({
      pull(controller) {
        if (n === of.length) controller.close();
        else controller.enqueue(of[n++]);
      },
    });
  };
  const drain = async (readable) => {
    const reader = readable.getReader();
    for (;;) if ((await reader.read()).done) return;
  };
  const plain = Array.from({ length: chunks }, () => chunk);
  for (const name of ['MICROSOFT.CBC4K', 'SEALWRIGHT.GCM64K']) {
    const mode = cipherMode(name);
    const encryptor = mode.encryptor(key);
    const parts = [];
    for await (const part of source(plain).pipeThrough(encryptStream(mode, key))) parts.push(part);
    const content = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      content.set(part, at);
      at += part.length;
    }
    const body = content.subarray(mode.preambleLength);
    const decryptor = mode.decryptor(key, content.subarray(0, mode.preambleLength));
    const encrypted = [];
    for (let from = 0; from < content.length; from += size)
      encrypted.push(content.subarray(from, from + size));
    const whole = Math.floor(size / mode.encryptedSegmentLength) * mode.encryptedSegmentLength;
    const seconds = await measure({
      'identity stream': () => drain(source(plain).pipeThrough(new TransformStream())),
      'cipher alone, encrypt': () => {
        for (let n = 0; n < chunks; n++) encryptor.encrypt(chunk, 0, false, output);
      },
      'stream, encrypt': () => drain(source(plain).pipeThrough(encryptStream(mode, key))),
      'cipher alone, decrypt': () => {
        for (let from = 0; from < body.length; from += whole)
          decryptor.decrypt(
            body.subarray(from, from + whole),
            from / mode.encryptedSegmentLength,
            from + whole >= body.length,
            output,
          );
      },
      'stream, decrypt': () => drain(source(encrypted).pipeThrough(decryptStream(mode, key))),
    });
    report(`Web Streams, ${name}, chunks of 1 MiB`, seconds, chunks * size, 'cipher alone, encrypt');
    console.log(
      `  decrypt: stream / cipher alone = ${(seconds['cipher alone, decrypt'] / seconds['stream, decrypt']).toFixed(2)}`,
    );
  }
}

async function randomRead() {
  const encryptor = cbc4k.encryptor(key);
  const content = new Uint8Array(cbc4k.encryptedLength(window));
  encryptor.encrypt(input, 0, true, content);
  const bytes = {
    size: content.length,
    seekable: true,
    read: (offset, length) => content.slice(offset, offset + length),
  };
  const source = await decryptedSource(bytes, cbc4k, key);
  const decipher = crypto.createDecipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
  const reads = 2000;
  const at = (n) => ((n * 2654435761) % Math.floor(window / 4096)) * 4096;
  const seconds = await measure({
    'plain read and one cipher call': () => {
      for (let n = 0; n < reads; n++) decipher.update(bytes.read(at(n), 4096));
    },
    'random read of 4 KiB': () => {
      for (let n = 0; n < reads; n++) source.read(at(n), 4096);
    },
  });
  report('Random reads of 4 KiB, MICROSOFT.CBC4K', seconds, reads * 4096, 'plain read and one cipher call');
}

await { 'cbc-encrypt': cbcEncrypt, 'cbc-decrypt': cbcDecrypt, ecb, gcm, stream, 'random-read': randomRead }[
  process.argv[2]
]();
