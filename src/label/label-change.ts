import { SealwrightError } from '../errors.ts';
import { normalGuid, reservedAttributes } from './label.ts';

/** A label to put on a file. */
export interface NewLabel {
  /** The label's GUID. */
  readonly id: string;
  /** GUID of the tenant the label belongs to; a file has one label of each tenant. */
  readonly siteId: string;
  readonly name?: string | undefined;
  /** `Privileged` if a person chose it, `Standard` (default) if a program did. */
  readonly method?: 'Standard' | 'Privileged' | undefined;
  /** When it was set. */
  readonly setDate?: Date | undefined;
  /** What the label put into the document: 1 header, 2 footer, 4 watermark, 8 encryption; their sum. */
  readonly contentBits?: number | undefined;
  readonly actionId?: string | undefined;
  readonly owner?: string | undefined;
  readonly parentId?: string | undefined;
  /** Facts of an organization's own, by attribute name. */
  readonly extended?: Readonly<Record<string, string>> | undefined;
}

/** What is to happen to the labels of a file. */
export type LabelChange =
  /** Takes the place of the tenant's former label; labels of other tenants stay. */
  | { readonly set: NewLabel }
  /** Takes off the label with this GUID, or every label. */
  | { readonly remove: string | 'all' };

/** One fact of one label, as documents keep it: `MSIP_Label_<guid>_Name` and its value. */
export type LabelProperty = readonly [name: string, value: string];

/** Characters of a property's name, and of its value; what documents can keep (spec/labels.md, "Limits"). */
export const propertyCharacters = 255;

/** What stands before the attribute in a property's name: `MSIP_Label_<guid>_`. */
export const propertyPrefix = (id: string): string => `MSIP_Label_${id}_`;

/** Names that can stand in a property as well as in an XML name. */
const attributeName = /^\w[\w.-]*$/;
/** Controls, halves of surrogate pairs, and the two code units that no text has: XML and properties cannot carry them. */
const uncarried = /[\p{Cc}\p{Cs}\ufffe\uffff]/u;

/**
 * A caller's label, checked and in normal form: GUIDs in lower case without braces, `method` given.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for what no file could state as it stands (spec/labels.md, "Limits")
 */
export function checkedLabel(label: NewLabel): NewLabel & { readonly method: 'Standard' | 'Privileged' } {
  const { name, owner, setDate, contentBits, method = 'Standard' } = label;
  if (method !== 'Standard' && method !== 'Privileged')
    throw invalid("The label's method is neither Standard nor Privileged.");
  if (setDate !== undefined && !(setDate instanceof Date && setDate.getTime() >= 0))
    throw invalid("The label's setDate is no valid date since 1970.");
  if (contentBits !== undefined && !(Number.isInteger(contentBits) && contentBits >>> 0 === contentBits))
    throw invalid("The label's contentBits is no whole number of 32 bits.");
  const names = new Set<string>();
  const extended = Object.entries(label.extended ?? {}).map(([attribute, value]) => {
    if (!attributeName.test(attribute) || propertyPrefix(label.id).length + attribute.length > 240)
      throw invalid(
        'An extended attribute of the label has a name that is too long, or is made of more than letters of ASCII, digits and "_.-".',
      );
    if (reservedAttributes.has(attribute.toLowerCase()) || attribute.toLowerCase() === 'actionid')
      throw invalid(`${attribute} is a field of the label, not an extended attribute of it.`);
    // Documents compare names without case, and `Extended_` is left off when they are read.
    const key = attribute.toLowerCase().replace(/^extended_/, '');
    if (names.has(key)) throw invalid(`The label has the extended attribute ${attribute} twice.`);
    names.add(key);
    return [attribute, text(value, `extended attribute ${attribute}`)] as const;
  });
  return Object.freeze({
    id: guid(label.id, 'id'),
    siteId: guid(label.siteId, 'siteId'),
    name: name === undefined ? undefined : text(name, 'name') || undefined,
    method,
    setDate,
    contentBits,
    actionId: label.actionId === undefined ? undefined : guid(label.actionId, 'actionId'),
    owner: owner === undefined ? undefined : text(owner, 'owner'),
    parentId: label.parentId === undefined ? undefined : guid(label.parentId, 'parentId'),
    extended: Object.freeze(Object.fromEntries(extended)),
  });
}

/**
 * A caller's change, checked like {@link checkedLabel}; what is to be removed in normal form.
 *
 * @throws SealwrightError `INVALID_ARGUMENT`
 */
export function checkedChange(change: LabelChange): LabelChange {
  if ('set' in change) return { set: checkedLabel(change.set) };
  return { remove: change.remove === 'all' ? 'all' : guid(change.remove, 'id of the label to remove') };
}

/** A date as current writers of labels state it: UTC, whole seconds. */
export const setDateText = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

function guid(value: string, field: string): string {
  const normal = typeof value === 'string' ? normalGuid(value) : undefined;
  if (normal === undefined)
    throw invalid(
      `The label's ${field} is no GUID. Labels and tenants are named by GUIDs such as 00000000-0000-4000-8000-000000000000.`,
    );
  return normal;
}

/** Whether files can keep `text` as the name or the value of a property. */
export const isStorable = (text: string): boolean =>
  text.length <= propertyCharacters && !uncarried.test(text);

function text(value: string, field: string): string {
  if (typeof value !== 'string' || !isStorable(value))
    throw invalid(
      `The label's ${field} is longer than ${propertyCharacters} characters or holds control characters, which files cannot keep.`,
    );
  return value;
}

const invalid = (message: string): SealwrightError => new SealwrightError('INVALID_ARGUMENT', message);
