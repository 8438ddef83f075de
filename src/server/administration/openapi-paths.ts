import { z } from 'zod';
import type { AdministrativeOperation } from './operation.ts';
import { administrativeOperations } from './operations.ts';

type JsonObject = { readonly [name: string]: unknown };

/** The administration as paths of an OpenAPI 3.1 document, made from the schemas that check requests. */
export function administrationPaths(prefix = '/admin/v1'): Readonly<Record<string, JsonObject>> {
  const paths: Record<string, JsonObject> = {};
  for (const operation of administrativeOperations) {
    const path = prefix + operation.path.replace(':id', '{id}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described(operation) };
  }
  return paths;
}

function described({
  name,
  path,
  roles,
  summary,
  query,
  request,
  answer,
}: AdministrativeOperation): JsonObject {
  const named = path.includes(':id')
    ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
    : [];
  const asked = Object.entries(query?.shape ?? {}).map(([each, schema]) => ({
    name: each,
    in: 'query',
    schema: schemaOf(schema as z.ZodType, 'input'),
  }));
  return {
    operationId: name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    summary,
    description: `Takes the role ${roles.join(' or ')}.`,
    security: [{ token: [] }],
    parameters: [...named, ...asked],
    ...(request !== undefined && { requestBody: { required: true, content: contentOf(request, 'input') } }),
    responses: {
      '200': {
        description: 'Done',
        content: Object.assign({}, ...listOf(answer).map((each) => contentOf(each, 'output'))),
      },
      '401': { description: 'No token, or one that is not accepted' },
      '403': { description: 'The caller lacks the role' },
    },
  };
}

const listOf = (answer: AdministrativeOperation['answer']): readonly (z.ZodType | string)[] =>
  answer instanceof z.ZodType ? [answer] : answer;

const contentOf = (body: z.ZodType | string, io: 'input' | 'output'): JsonObject =>
  typeof body === 'string'
    ? { [body]: { schema: { type: 'string' } } }
    : { 'application/json': { schema: schemaOf(body, io) } };

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}
