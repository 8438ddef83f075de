import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error the package has no types
import S3rver from 's3rver';
import type { FileStorage } from '../../../src/node/bulk/storage/file-storage.ts';

/** A server that speaks S3, on a port of its own, and its buckets in a folder that goes with it. */
export async function startS3Server(): Promise<{
  bucket(): Promise<FileStorage>;
  close(): Promise<void>;
}> {
  const directory = mkdtempSync(join(tmpdir(), 'sealwright-s3-'));
  const buckets = Array.from({ length: 20 }, (_, number) => ({ name: `bucket-${number}` }));
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: buckets,
  });
  const { port } = await server.run();
  // Not by a literal: it is a program of the examples, which import the built package by name.
  const adapter = new URL('../../../examples/object-store/s3-storage.mjs', import.meta.url).href;
  const { s3Storage } = await import(adapter);
  return {
    bucket: async () =>
      s3Storage({
        endpoint: `http://127.0.0.1:${port}`,
        bucket: buckets.pop()?.name,
        accessKeyId: 'S3RVER',
        secretAccessKey: 'S3RVER',
      }),
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
