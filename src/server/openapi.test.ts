import { describe, expect, it } from 'vitest';
import { administrativeOperations } from './administration/index.ts';
import { routesOf } from './routes.ts';
import { challenges, memoryAuthority, namedTokens, origin, stage } from './server.test-support.ts';
import { serverContext } from './server-context.ts';

const administration = { fetch: () => new Response('{}') };

describe('the description of the server', () => {
  it('names every route the server has, and no other', async () => {
    const { server: _, ...on } = await stage({ administration });
    const { body } = await on.send('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const authority = await memoryAuthority();
    const facts = { Name: '', AuthorityId: '', KeySha256: '', Version: '', Issuers: [] };
    const { paths } = routesOf(
      serverContext({ authority, verifyToken: namedTokens, url: origin, challenges, facts }),
    );
    const served = [...paths].flatMap(([path, methods]) =>
      methods.filter((each) => each !== 'HEAD').map((method) => `${method} ${path}`),
    );
    const administered = administrativeOperations.map(
      ({ method, path }) => `${method} /admin/v1${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(described.sort()).toEqual([...served, ...administered].sort());
  });

  it('says what is sent and what is answered', async () => {
    const { body } = await (await stage()).send('/openapi.json');
    const operation = body.paths['/my/v2/enduserlicenses'].post;
    expect(operation.requestBody.content['application/json'].schema.required).toEqual([
      'SerializedPublishingLicense',
    ]);
    expect(operation.responses['200'].content['application/json'].schema.properties.Key).toBeDefined();
    expect(Object.keys(operation.responses)).toEqual(['200', '400', '401', '403', '413', '429', '503']);
  });

  it('gives each operation an id of its own', async () => {
    const { body } = await (await stage({ administration })).send('/openapi.json');
    const ids = Object.values(body.paths as Record<string, Record<string, { operationId?: string }>>).flatMap(
      (each) => Object.values(each).flatMap(({ operationId }) => operationId ?? []),
    );
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
