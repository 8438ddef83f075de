import { once } from 'node:events';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { testCertificate } from './test-certificate.ts';

const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address));

describe('testCertificate', () => {
  it.for([
    ['localhost', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
  ] as const)(
    'serves HTTPS as %s to a client that trusts its authority',
    async ([name, address], { skip }) => {
      if (!addresses.includes(address)) skip(`this machine has no ${address}`);
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
    },
  );

  it('is made once in a process', () => {
    expect(testCertificate()).toBe(testCertificate());
  });
});
