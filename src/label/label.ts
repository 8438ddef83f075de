/** A sensitivity label as a file's metadata states it: a claim of whoever wrote it last, not signed by anyone. */
export interface LabelMetadata {
  /** The label's GUID, lower case, without braces; in a mark of removal usually that of the tenant. */
  readonly id: string;
  readonly name: string | undefined;
  readonly enabled: boolean;
  /** True for a mark that a label of this tenant was taken off (LabelInfo only); never enabled. */
  readonly removed: boolean;
  /** The tenant the label belongs to. */
  readonly siteId: string | undefined;
  /** The GUID of the label above this one. */
  readonly parentId: string | undefined;
  readonly owner: string | undefined;
  /** When it was set, as written: some form of ISO 8601. */
  readonly setDate: string | undefined;
  /** How it was set, as written: `Standard`, `Privileged`, or the older `Manual` and `Automatic`. */
  readonly method: string | undefined;
  /** What the label put into the document: 1 header, 2 footer, 4 watermark, 8 encryption; their sum. */
  readonly contentBits: number | undefined;
  readonly application: string | undefined;
  /** Everything else that is stated of the label, by attribute name; extended ones as `MSFT_Method`. */
  readonly extended: Readonly<Record<string, string>>;
}

const guid = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/;

/** A GUID in lower case without braces, or `undefined` if the text is none. */
export const normalGuid = (text: string | undefined): string | undefined =>
  guid.exec(text?.trim().toLowerCase() ?? '')?.[1];

/** Names of the same fact in writers of different age. */
const names = {
  name: ['Name'],
  siteId: ['SiteId'],
  parentId: ['ParentId', 'Parent'],
  owner: ['Owner', 'AssignedBy', 'SetBy'],
  setDate: ['SetDate', 'DateCreated'],
  method: ['Method'],
  application: ['Application'],
} as const;

/** Names of the facts that have a field of their own, in lower case: nobody's own facts may be called so. */
export const reservedAttributes: ReadonlySet<string> = new Set(
  ['Enabled', 'ContentBits', 'Id', ...Object.values(names).flat()].map((name) => name.toLowerCase()),
);

const extendedPrefix = 'Extended_';
const contentBitsName = 'ContentBits';

/** Puts a label together from its attributes; where a name appears twice the first one counts. */
export function labelFrom(id: string, attributes: Iterable<readonly [string, string]>): LabelMetadata {
  const left = new Map<string, string>();
  for (const [name, value] of attributes) if (!left.has(name)) left.set(name, value);
  const take = (candidates: readonly string[]): string | undefined => {
    const found = candidates
      .map((name) => left.get(name))
      .find((value) => value !== undefined && value !== '');
    for (const name of candidates) left.delete(name);
    return found;
  };
  const contentBits = contentBitsOf(left.get(contentBitsName));
  if (contentBits !== undefined) left.delete(contentBitsName);
  const facts = {
    enabled: /^(?:true|1)$/i.test(take(['Enabled'])?.trim() ?? ''),
    removed: false,
    name: take(names.name),
    siteId: take(names.siteId),
    parentId: take(names.parentId),
    owner: take(names.owner),
    setDate: take(names.setDate),
    method: take(names.method) ?? left.get(`${extendedPrefix}MSFT_Method`),
    contentBits,
    application: take(names.application),
  };
  // Without a prototype, because the names come from a file.
  const extended: Record<string, string> = Object.create(null);
  for (const [name, value] of left)
    extended[name.startsWith(extendedPrefix) ? name.slice(extendedPrefix.length) : name] = value;
  return Object.freeze({
    id,
    ...facts,
    siteId: normalGuid(facts.siteId) ?? facts.siteId,
    parentId: normalGuid(facts.parentId) ?? facts.parentId,
    extended: Object.freeze(extended),
  });
}

/** A decimal number of 32 bits, or `undefined`: anything else that is written there is kept as text. */
export function contentBitsOf(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  const bits = /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : undefined;
  return bits !== undefined && bits <= 0xffff_ffff ? bits : undefined;
}
