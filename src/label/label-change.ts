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
