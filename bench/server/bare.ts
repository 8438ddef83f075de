// The limit: hono, and one RSA-2048 private operation for each request, with the key handling of the real server.
import { constants, createPrivateKey, createPublicKey, publicEncrypt } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';

const pkcs8 = await generateRsaKey(2048);
const custodian = await custodianFromPkcs8(pkcs8);
const publicKey = createPublicKey(
  createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
);
const sealed = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, Buffer.alloc(44));

const app = new Hono()
  .get('/bare', async (context) => context.json({ length: (await custodian.decrypt(sealed)).length }))
  .post('/bare', async (context) => {
    await context.req.json();
    return context.json({ length: (await custodian.decrypt(sealed)).length });
  });

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send?.({ port }));
process.on('message', () => process.send?.({ memory: process.memoryUsage.rss(), cpu: process.cpuUsage() }));
