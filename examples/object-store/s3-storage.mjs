// A FileStorage over a bucket of an object store that speaks S3: what bulk runs need to work where there are no paths.
import { AwsClient } from 'aws4fetch';
import { SealwrightError } from 'sealwright';

/** Bytes of a part of a large object; S3 wants at least 5 MiB for all but the last. */
const partLength = 8 * 1024 * 1024;

/**
 * @param {{ endpoint: string, bucket: string, accessKeyId: string, secretAccessKey: string, region?: string,
 *   fetch?: typeof fetch }} options `endpoint` is the store's URL; buckets are addressed by path
 * @returns {import('sealwright/node').FileStorage}
 */
export function s3Storage({ endpoint, bucket, region = 'us-east-1', fetch, ...keys }) {
  const client = new AwsClient({ ...keys, region, service: 's3', retries: 3, ...(fetch && { fetch }) });
  const root = `${endpoint.replace(/\/$/, '')}/${encodeURIComponent(bucket)}`;
  const urlOf = (path) => `${root}/${path.split('/').map(encodeURIComponent).join('/')}`;

  async function ask(action, path, init = {}, query = '') {
    let answer;
    try {
      answer = await client.fetch((path === undefined ? root : urlOf(path)) + query, init);
    } catch (error) {
      if (init.signal?.aborted) throw init.signal.reason;
      throw new SealwrightError(
        'IO_FAILED',
        `${path ?? bucket} cannot be ${action}: the store does not answer. Try again.`,
        { path, cause: error },
      );
    }
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw refusal(action, path ?? bucket, answer.status);
  }

  async function factsOf(path, signal) {
    const answer = await ask('read', path, { method: 'HEAD', signal });
    return { size: Number(answer.headers.get('content-length')), version: answer.headers.get('etag') ?? '' };
  }

  const present = (path, signal) =>
    factsOf(path, signal).catch((error) => {
      if (error.code === 'FILE_NOT_FOUND') return undefined;
      throw error;
    });

  /** Looks first, because not every store knows conditional writes; those that do are told the condition too. */
  async function conditionFor(path, { overwrite, replaces, signal }) {
    const found = await present(path, signal);
    if (replaces !== undefined && replaces.path === path) {
      if (found?.version !== replaces.version) throw changed(path);
      return { 'if-match': replaces.version };
    }
    if (overwrite) return {};
    if (found !== undefined) throw refusal('written', path, 412);
    return { 'if-none-match': '*' };
  }

  return {
    async *list(prefix, { signal } = {}) {
      // The first version of this request: every store knows it, and the last key is all that the next page needs.
      for (let last; ; ) {
        const query = new URLSearchParams({
          prefix,
          'encoding-type': 'url',
          ...(last && { marker: last }),
        });
        const text = await (await ask('listed', undefined, { signal }, `?${query}`)).text();
        // Some stores do not know this way of carrying strange names, and then do not say that they used it.
        const encoded = fieldOf(text, 'EncodingType') === 'url';
        for (const [, entry] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          const key = fieldOf(entry, 'Key');
          const path = encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
          last = path;
          if (path.endsWith('/')) continue; // a folder that some program drew
          yield {
            path,
            size: Number(fieldOf(entry, 'Size')),
            modifiedAt: new Date(fieldOf(entry, 'LastModified')),
          };
        }
        if (fieldOf(text, 'IsTruncated') !== 'true') return;
      }
    },

    async open(path, { signal } = {}) {
      const { size, version } = await factsOf(path, signal);
      const read = async (offset, length, wait) => {
        const end = Math.min(offset + length, size);
        if (end <= offset) return new Uint8Array(0);
        const headers = { range: `bytes=${offset}-${end - 1}`, 'if-match': version };
        const answer = await ask('read', path, { headers, signal: wait?.signal }).catch((error) => {
          throw error.details?.status === 412 ? changed(path) : error;
        });
        // A store that ignores the condition still says what it sent.
        if ((answer.headers.get('etag') ?? version) !== version) throw changed(path);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (bytes.length !== end - offset) throw changed(path);
        return bytes;
      };
      return sourceOver({ path, size, version, read }, 0, size);
    },

    async write(path, write, options = {}) {
      const { signal } = options;
      const condition = await conditionFor(path, options);
      const parts = [];
      let waiting = [];
      let length = 0;
      let upload;
      const send = async () => {
        upload ??= fieldOf(
          await (await ask('written', path, { method: 'POST', signal }, '?uploads')).text(),
          'UploadId',
        );
        const query = `?partNumber=${parts.length + 1}&uploadId=${encodeURIComponent(upload)}`;
        const answer = await ask('written', path, { method: 'PUT', body: joined(waiting), signal }, query);
        parts.push(answer.headers.get('etag'));
        waiting = [];
        length = 0;
      };
      try {
        const size = await write({
          async write(bytes) {
            waiting.push(bytes.slice());
            length += bytes.length;
            if (length >= partLength) await send();
          },
        });
        if (upload === undefined) {
          await ask('written', path, { method: 'PUT', body: joined(waiting), headers: condition, signal });
          return size;
        }
        if (length > 0) await send();
        await conditionFor(path, options);
        const list = parts.map(
          (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
        );
        const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
        const answer = await ask(
          'written',
          path,
          { method: 'POST', body, headers: condition, signal },
          `?uploadId=${encodeURIComponent(upload)}`,
        );
        // The store may find out that it cannot after it has said that it can.
        if ((await answer.text()).includes('<Error>')) throw refusal('written', path, 500);
        return size;
      } catch (error) {
        if (upload !== undefined)
          await ask('written', path, { method: 'DELETE' }, `?uploadId=${encodeURIComponent(upload)}`).catch(
            () => undefined,
          );
        throw error;
      }
    },

    async remove(source, { signal } = {}) {
      const found = await present(source.path, signal);
      if (found === undefined) return;
      if (found.version !== source.version) throw changed(source.path);
      await ask('removed', source.path, {
        method: 'DELETE',
        headers: { 'if-match': source.version },
        signal,
      });
    },
  };
}

/** A window on an object; `slice` gives windows on the window. */
function sourceOver(object, start, end) {
  const clip = (offset, length) => Math.max(0, Math.min(length, end - start - offset));
  const read = (offset, length, wait) => object.read(start + offset, clip(offset, length), wait);
  return {
    path: object.path,
    version: object.version,
    size: end - start,
    seekable: true,
    read,
    // Reading into memory of the caller's lets the next window be fetched while this one is worked on.
    async readInto(offset, target, wait) {
      const bytes = await read(offset, target.length, wait);
      target.set(bytes);
      return bytes.length;
    },
    slice: (offset, length = Number.POSITIVE_INFINITY) =>
      sourceOver(object, Math.min(start + offset, end), Math.min(start + offset + length, end)),
    close: async () => undefined,
  };
}

function joined(pieces) {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const textOf = (xml) =>
  xml.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (all, hexadecimal, decimal, name) =>
    name === undefined
      ? String.fromCodePoint(Number.parseInt(hexadecimal ?? decimal, hexadecimal === undefined ? 10 : 16))
      : (entities[name] ?? all),
  );
const fieldOf = (xml, name) => textOf(new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '');

const changed = (path) =>
  new SealwrightError(
    'IO_FAILED',
    `${path} was changed while it was worked on: try again when nothing writes to it.`,
    { path },
  );

function refusal(action, path, status) {
  const fail = (code, message) => new SealwrightError(code, message, { path, status });
  if (status === 404) return fail('FILE_NOT_FOUND', `${path} does not exist: check its name and the bucket.`);
  if (status === 401 || status === 403)
    return fail(
      'PERMISSION_DENIED',
      `${path} cannot be ${action}: the store refuses these keys. Ask for the permission.`,
    );
  if (status === 409 || status === 412)
    return fail('OUTPUT_EXISTS', `${path} exists already: allow overwriting, or choose another place.`);
  if (status === 507)
    return fail('NO_SPACE', `${path} cannot be written because the store is full: make room.`);
  return fail('IO_FAILED', `${path} cannot be ${action}: the store answers ${status}. Try again.`);
}
