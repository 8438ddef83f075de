import { once } from 'node:events';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { testCertificate } from './test-certificate.ts';

describe('testCertificate', () => {
  it.each([
    ['localhost', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
  ])('serves HTTPS as %s to a client that trusts its authority', async (name, address) => {
    const { ca, cert, key } = testCertificate();
    const server = createServer({ cert, key }, (_, response) => response.end('ok'));
    server.listen(0, address);
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const [response] = await once(get(`https://${name}:${port}/`, { ca, agent: false }), 'response');
      response.resume();
      expect(response.statusCode).toBe(200);
      await once(response, 'end');
    } finally {
      server.close();
    }
  });

  it('is made once in a process', () => {
    expect(testCertificate()).toBe(testCertificate());
  });
});
