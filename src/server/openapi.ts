import { z } from 'zod';
import { type AdministrativeOperation, administrativeOperations } from './administration/index.ts';
import { protocolVersions } from './protocol/call.ts';
import { type ProtocolRoute, protocolRoutes } from './protocol/routes.ts';
import { errorAnswerSchema, serverFactsAnswer } from './protocol/schemas.ts';

type JsonObject = { readonly [name: string]: unknown };

/** A schema as OpenAPI 3.1 has it, which is JSON Schema 2020-12. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}

const jsonContent = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => ({
  'application/json': { schema: schemaOf(schema, io) },
});

const failure = (description: string): JsonObject => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

const failures: JsonObject = {
  '400': failure('The request or the license in it cannot be used'),
  '401': {
    ...failure('No token, or one that is not accepted'),
    headers: { 'WWW-Authenticate': { schema: { type: 'string' }, description: 'How to sign in' } },
  },
  '403': failure('The caller may not do this'),
  '413': failure('The body is too long'),
  '429': failure('Too many requests; see Retry-After'),
  '503': failure('The service cannot serve just now; see Retry-After'),
};

const ok = (schema: z.ZodType): JsonObject => ({
  '200': { description: 'Done', content: jsonContent(schema, 'output') },
});

const protocolOperation = (route: ProtocolRoute, version: string): JsonObject => ({
  operationId: `${version}${route.path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
  summary: route.summary,
  security: [{ token: [] }],
  ...(route.path === '/servicediscovery' && {
    parameters: ['email', 'service'].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
  }),
  ...(route.request !== undefined && {
    requestBody: { required: true, content: jsonContent(route.request, 'input') },
  }),
  responses: { ...ok(route.answer), ...failures },
});

const binary: JsonObject = { schema: { type: 'string', format: 'binary' } };

function administrativeOperation(operation: AdministrativeOperation): JsonObject {
  const { name, path, query, request, answer, roles, summary } = operation;
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, each]) => ({
    name: each,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([each, schema]) => ({
    name: each,
    in: 'query',
    schema: schemaOf(schema as z.ZodType, 'input'),
  }));
  return {
    operationId: name,
    summary,
    description: `For: ${roles.join(', ')}.`,
    security: [{ token: [] }],
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(request !== undefined && {
      requestBody: {
        required: true,
        content: typeof request === 'string' ? { [request]: binary } : jsonContent(request, 'input'),
      },
    }),
    responses: {
      '200': {
        description: 'Done',
        content:
          answer instanceof z.ZodType
            ? jsonContent(answer, 'output')
            : Object.fromEntries(answer.map((type) => [type, binary])),
      },
      ...failures,
    },
  };
}

/**
 * The description of the server in OpenAPI 3.1, made from the schemas that check requests (spec/server.md, "Description").
 * The development issuer describes itself, as OpenID issuers do.
 */
export function openApiDocument(origin: string, version: string, administered: boolean): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of administered ? administrativeOperations : []) {
    const path = `/admin/v1${operation.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: administrativeOperation(operation) };
  }
  for (const each of protocolVersions)
    for (const route of protocolRoutes) {
      const path = `/my/${each}${route.path}`;
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: protocolOperation(route, each) };
    }
  const status = z.object({ status: z.string() });
  for (const [path, summary, schema] of [
    ['/.well-known/sealwright', 'How to sign in, and the key to pin', serverFactsAnswer],
    ['/healthz', 'Whether the process runs', status],
    ['/readyz', 'Whether it can serve', status],
    ['/openapi.json', 'This description', z.object({})],
  ] as const)
    paths[path] = { get: { summary, security: [], responses: ok(schema) } };
  paths['/metrics'] = {
    get: {
      summary: 'What was counted, for Prometheus; on the machine itself unless configured otherwise',
      security: [],
      responses: {
        '200': { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } },
      },
    },
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Sealwright licensing service', version },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: { Error: schemaOf(errorAnswerSchema, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}
