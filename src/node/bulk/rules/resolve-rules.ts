import type { WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { LicensingService } from '../../../licensing/index.ts';
import { parseGuid, quoteBriefly, type TemplateSummary } from '../../../rights/index.ts';
import type { BulkRules } from './bulk-rules.ts';
import { nearestName } from './nearest-name.ts';

/** Templates that are not there and are told at once. */
const maxTold = 20;

/**
 * The same rules with the ids of their templates, which may be named by id or exact name. The service is asked once,
 * and only if a rule names a template.
 *
 * @throws SealwrightError `TEMPLATE_NOT_FOUND` with every template that is not on offer, or whose name several have
 */
export async function resolveRules(
  rules: BulkRules,
  service: Pick<LicensingService, 'listTemplates'>,
  options: WaitOptions = {},
): Promise<BulkRules> {
  if (rules.rules.every(({ template }) => template === undefined)) return rules;
  const templates = await service.listTemplates(options);
  const missing: string[] = [];
  const resolved = rules.rules.map((rule, i) => {
    if (rule.template === undefined) return rule;
    const found = findTemplate(rule.template, templates);
    if (typeof found === 'string') missing.push(`rules[${i}].template: ${found}`);
    return typeof found === 'string' ? rule : Object.freeze({ ...rule, template: found.id });
  });
  if (missing.length === 0) return Object.freeze({ rules: Object.freeze(resolved) });
  const more = missing.length > maxTold ? `; and ${missing.length - maxTold} more` : '';
  throw new SealwrightError(
    'TEMPLATE_NOT_FOUND',
    `The rules name templates that cannot be used: ${missing.slice(0, maxTold).join('; ')}${more}.`,
  );
}

/** The template, or what is wrong. */
function findTemplate(text: string, templates: readonly TemplateSummary[]): TemplateSummary | string {
  const id = parseGuid(text);
  if (id !== undefined)
    return templates.find((each) => parseGuid(each.id) === id) ?? `no template with the id ${id} is on offer`;
  const wanted = text.trim().toLowerCase();
  const [first, ...others] = templates.filter(({ name }) => name.toLowerCase() === wanted);
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined)
    return `${others.length + 1} templates are called ${quoteBriefly(text)}, so name one by its id: ${[first, ...others].map((each) => each.id).join(', ')}`;
  const meant = nearestName(
    text,
    templates.map(({ name }) => name),
  );
  return `no template ${quoteBriefly(text)} is on offer${meant === undefined ? '' : `, did you mean ${quoteBriefly(meant)}?`}`;
}
