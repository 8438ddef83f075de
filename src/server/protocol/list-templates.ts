import type { TemplateMessage } from '../../licensing/index.ts';
import { type Answer, json } from '../answer.ts';
import { type Call, serviceFor } from './call.ts';

/** `GET /templates`: those the caller may protect with. */
export async function listTemplates(call: Call): Promise<Answer> {
  const templates = await serviceFor(call).listTemplates();
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
