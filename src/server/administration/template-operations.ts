import type { AdministratorRole } from '../caller.ts';
import type { AdministrativeOperation } from './operation.ts';
import * as schemas from './schemas.ts';

const readers: readonly AdministratorRole[] = ['template-administrator', 'auditor'];
const writers: readonly AdministratorRole[] = ['template-administrator'];
const documentType = 'application/xml';

/** Template administration over the network. */
export const templateOperations: readonly AdministrativeOperation[] = [
  {
    name: 'template-list',
    method: 'GET',
    path: '/templates',
    roles: readers,
    summary: 'All templates, archived ones included',
    answer: schemas.templateListAnswer,
    handle: async ({ authority }) => ({
      json: { templates: (await authority.templates.list()).map(schemas.templateJson) },
    }),
  },
  {
    name: 'template-get',
    method: 'GET',
    path: '/templates/:id',
    roles: readers,
    summary: 'One template',
    answer: schemas.templateAnswer,
    handle: async ({ authority, id }) => ({ json: schemas.templateJson(await authority.templates.get(id)) }),
  },
  {
    name: 'template-create',
    method: 'POST',
    path: '/templates',
    roles: writers,
    summary: 'Create a template',
    request: schemas.templateRequest,
    answer: schemas.templateAnswer,
    async handle({ authority, body }) {
      const request = schemas.templateRequest.parse(body);
      const template = await authority.templates.create(schemas.templateInput(request));
      return { json: schemas.templateJson(template), target: template.id };
    },
  },
  {
    name: 'template-update',
    method: 'PUT',
    path: '/templates/:id',
    roles: writers,
    summary: 'Replace a template; content protected with it follows',
    request: schemas.templateRequest,
    answer: schemas.templateAnswer,
    async handle({ authority, id, body }) {
      const request = schemas.templateRequest.parse(body);
      return {
        json: schemas.templateJson(await authority.templates.update(id, schemas.templateInput(request))),
      };
    },
  },
  {
    name: 'template-delete',
    method: 'DELETE',
    path: '/templates/:id',
    roles: writers,
    summary: 'Delete a template; its content opens for owner and issuer only',
    answer: schemas.doneAnswer,
    async handle({ authority, id }) {
      await authority.templates.delete(id);
      return { json: {} };
    },
  },
  {
    name: 'template-archive',
    method: 'POST',
    path: '/templates/:id/archive',
    roles: writers,
    summary: 'Offer a template no more; its content still opens',
    answer: schemas.templateAnswer,
    handle: async ({ authority, id }) => ({
      json: schemas.templateJson(await authority.templates.archive(id)),
    }),
  },
  {
    name: 'template-publish',
    method: 'POST',
    path: '/templates/:id/publish',
    roles: writers,
    summary: 'Offer a template again',
    answer: schemas.templateAnswer,
    handle: async ({ authority, id }) => ({
      json: schemas.templateJson(await authority.templates.publish(id)),
    }),
  },
  {
    name: 'template-export',
    method: 'GET',
    path: '/templates/:id/document',
    roles: writers,
    summary: 'A template as a signed document',
    answer: [documentType],
    handle: async ({ authority, id }) => ({ body: await authority.templates.export(id), type: documentType }),
  },
  {
    name: 'template-import',
    method: 'POST',
    path: '/templates/import',
    roles: writers,
    summary: 'Recreate an exported template, archived',
    request: documentType,
    answer: schemas.templateAnswer,
    async handle({ authority, bytes }) {
      const template = await authority.templates.import(bytes);
      return { json: schemas.templateJson(template), target: template.id };
    },
  },
];
