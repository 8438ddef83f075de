import { changeProperties, type NewLabel } from '../../../label/index.ts';
import { checked, type Field, fieldsOf, textOf, textsByNameOf, told, wholeNumberOf } from './fields.ts';
import { momentOf } from './quantities.ts';

const names = [
  'id',
  'siteId',
  'name',
  'method',
  'setDate',
  'contentBits',
  'actionId',
  'owner',
  'parentId',
  'extended',
] as const;

/** A label as it is written for labelling. */
export function readLabel(field: Field): NewLabel | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, names, 'a label');
  if (fields === undefined) return undefined;
  const [id, siteId] = [textOf(fields('id')), textOf(fields('siteId'))];
  if (id === undefined || siteId === undefined) {
    field.mistakes.add(field.path, 'write the GUID of the label (id) and of its tenant (siteId)');
    return undefined;
  }
  const label: NewLabel = {
    id,
    siteId,
    name: textOf(fields('name')),
    method: methodOf(fields('method')),
    setDate: momentOf(fields('setDate')),
    contentBits: wholeNumberOf(fields('contentBits'), 0, 0xffff_ffff),
    actionId: textOf(fields('actionId')),
    owner: textOf(fields('owner')),
    parentId: textOf(fields('parentId')),
    extended: textsByNameOf(fields('extended'), 64),
  };
  checked(field, () => changeProperties([], { set: label }));
  return Object.freeze(label);
}

function methodOf({ value, path, mistakes }: Field): NewLabel['method'] {
  const method = typeof value === 'string' ? value.toLowerCase() : value;
  if (method === undefined) return undefined;
  if (method === 'standard') return 'Standard';
  if (method === 'privileged') return 'Privileged';
  mistakes.add(
    path,
    `write "Privileged" if a person chose the label or "Standard" if a program did, not ${told(value)}`,
  );
  return undefined;
}
