import type { TemplateMessage } from '../../licensing/index.ts';
import { type Answer, json } from '../answer.ts';
import type { Call } from './call.ts';
import { acceptedLocales } from './languages.ts';

/** `GET /templates`: those the caller may protect with. */
export async function listTemplates({ authority, caller, facts, request }: Call): Promise<Answer> {
  const locales = acceptedLocales(request.headers.get('accept-language'));
  const templates = await authority.as(caller.identity, { ...facts, locales }).listTemplates();
  return json(
    templates.map(
      ({ id, name, description }): TemplateMessage => ({
        Id: id,
        Name: name,
        Description: description,
      }),
    ),
  );
}
