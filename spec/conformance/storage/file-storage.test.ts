import { afterAll, beforeAll } from 'vitest';
import { describeFileStorage } from './file-storage.ts';
import { memoryStorage } from './memory-storage.ts';
import { startS3Server } from './s3-server.ts';

describeFileStorage('memory', async () => memoryStorage());

let server: Awaited<ReturnType<typeof startS3Server>>;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server.close());

describeFileStorage('an object store that speaks S3', () => server.bucket());
