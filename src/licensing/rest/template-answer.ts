import { normalizeGuid, parseGuid, type TemplateSummary } from '../../rights/index.ts';
import type { ServiceAnswer } from '../exchange/exchange.ts';
import { answerList } from './answer-fields.ts';

/** Reads the answer of `/templates` (spec/rest.md, "Templates"). Throws `MALFORMED_ANSWER`. */
export function readTemplates(answer: ServiceAnswer): readonly TemplateSummary[] {
  return Object.freeze(
    answerList(answer.json, answer).map((fields) => {
      const id = fields.requiredText('Id', 64);
      if (parseGuid(id) === undefined) throw fields.malformed('Id', 'is no GUID');
      const name = fields.requiredText('Name').trim();
      return Object.freeze({
        id: normalizeGuid(id),
        name,
        description: fields.text('Description')?.trim() ?? '',
      });
    }),
  );
}
