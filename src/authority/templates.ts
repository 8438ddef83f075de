import { encodeUtf8 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { issueTemplateDocument, readTemplateDocument } from '../license/index.ts';
import type { TemplateSummary } from '../rights/index.ts';
import {
  defineTemplate,
  type Identity,
  nameInBestLanguage,
  normalizeGuid,
  randomGuid,
  type Template,
  type TemplateInput,
  type TemplateState,
} from '../rights/index.ts';
import { readXrmlDocuments, verifySignature } from '../xrml/index.ts';
import type { AuthorityTemplates } from './authority.ts';
import type { AuthorityContext } from './context.ts';
import { isOffered } from './publish.ts';
import type { AuthorityRecords } from './store/authority-store.ts';
import { logged } from './usage-log/logged.ts';
import type { UsageRequestType } from './usage-log/usage-record.ts';

/** Template administration over a store; every call is a row in the usage log. */
export function authorityTemplates(context: AuthorityContext): AuthorityTemplates {
  const { store, now, randomBytes } = context;

  const administer = <T>(
    type: UsageRequestType,
    id: string | undefined,
    work: () => Promise<T>,
  ): Promise<T> =>
    logged(context, type, undefined, ({ facts }) => {
      facts.templateId = id;
      return work();
    });

  async function existing(id: string, records: AuthorityRecords = store): Promise<Template> {
    const template = await records.getTemplate(id);
    if (template !== undefined && template !== 'deleted') return template;
    throw new SealwrightError(
      'TEMPLATE_NOT_FOUND',
      `There is no template ${id}${template === 'deleted' ? ' any more: it was deleted' : ''}. List the templates to see their ids.`,
    );
  }

  /** In one transaction, or a template that is deleted meanwhile would come back to life. */
  const replace = (id: string, change: (template: Template) => Template): Promise<Template> =>
    store.transaction(async (records) => {
      const changed = change(await existing(id, records));
      await records.putTemplate(changed);
      return changed;
    });

  function setState(id: string, state: TemplateState): Promise<Template> {
    const guid = normalizeGuid(id, 'template id');
    return administer('UpdateTemplate', guid, () =>
      replace(guid, (template) => defineTemplate({ ...template, state }, now())),
    );
  }

  return Object.freeze({
    create(input: TemplateInput) {
      const template = defineTemplate({ ...input, id: input.id ?? randomGuid(randomBytes) }, now());
      return administer('AddTemplate', template.id, () =>
        store.transaction(async (records) => {
          const taken = await records.getTemplate(template.id);
          if (taken !== undefined && taken !== 'deleted')
            throw new SealwrightError(
              'INVALID_ARGUMENT',
              `There is a template ${template.id} already. Choose another id, or update that one.`,
            );
          await records.putTemplate(template);
          return template;
        }),
      );
    },
    update(id: string, input: TemplateInput) {
      const guid = normalizeGuid(id, 'template id');
      return administer('UpdateTemplate', guid, () =>
        replace(guid, () => defineTemplate({ ...input, id: guid }, now())),
      );
    },
    list: () => administer('GetAllTemplates', undefined, () => store.listTemplates()),
    get(id: string) {
      const guid = normalizeGuid(id, 'template id');
      return administer('GetTemplateById', guid, () => existing(guid));
    },
    archive: (id: string) => setState(id, 'archived'),
    publish: (id: string) => setState(id, 'published'),
    delete(id: string) {
      const guid = normalizeGuid(id, 'template id');
      return administer('DeleteTemplateById', guid, async () => {
        await existing(guid);
        await store.deleteTemplate(guid, now());
      });
    },
    export(id: string) {
      const guid = normalizeGuid(id, 'template id');
      return administer('ExportTemplateById', guid, async () =>
        encodeUtf8(await issueTemplateDocument(context.self().issuer, await existing(guid))),
      );
    },
    import(bytes: Uint8Array) {
      const template = readExport(bytes, now());
      return administer('ImportTemplate', template.id, async () => {
        await store.putTemplate(template);
        return template;
      });
    },
  });
}

/** The templates this person may protect with. */
export function offeredTemplates(
  context: AuthorityContext,
  who: Identity,
): Promise<readonly TemplateSummary[]> {
  return logged(context, 'FEGetAllTemplates', who, async () =>
    (await context.store.listTemplates())
      .filter((template) => template.state === 'published' && isOffered(template, who))
      .map((template) => {
        const shown = nameInBestLanguage(template.names, context.request?.locales ?? []);
        return { id: template.id, name: shown?.name ?? '', description: shown?.description ?? '' };
      }),
  );
}

/** An imported template arrives archived: whoever imports it decides when people see it. */
function readExport(bytes: Uint8Array, now: Date): Template {
  const [document, ...others] = readXrmlDocuments(bytes);
  if (
    document === undefined ||
    others.length > 0 ||
    document.body.attributes.type !== 'Microsoft Official Rights Template'
  )
    throw new SealwrightError(
      'MALFORMED_LICENSE',
      'The file is not an exported rights template. Export the template again.',
    );
  if (!verifySignature(document).valid)
    throw new SealwrightError(
      'UNTRUSTED_LICENSE',
      'The exported template was changed after it was signed. Export it again.',
    );
  return defineTemplate({ ...readTemplateDocument(document), state: 'archived' }, now);
}
