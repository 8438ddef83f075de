import type { ByteSource } from '../../../bytes/index.ts';
import type { CompoundStorage } from '../../compound-file/compound-file.ts';
import type { NewStorage, NewStream } from '../../compound-file/new-compound-file.ts';
import type { PropertyNames } from './named-properties.ts';

/** A run of bytes that stands in a stream of its own. */
export interface PropertyStream {
  /** Nothing, or what stands behind the tag in the name of a stream of several values: `-00000000`. */
  readonly suffix: string;
  readonly content: Uint8Array | ByteSource;
}

/** A property as it is stored: its entry in the list of properties, and the streams that hold its value. */
export interface MapiProperty {
  readonly id: number;
  readonly type: number;
  readonly flags: number;
  /** The last eight bytes of its entry: a value of fixed length, or a size. */
  readonly value: Uint8Array;
  /** None for values of fixed length, and where they are missing. */
  readonly streams: readonly PropertyStream[];
  /** Of an object that was read: its storage. */
  readonly storage?: CompoundStorage | undefined;
  /** Of an object to be written: what is in its storage. */
  readonly newStorage?: Omit<NewStorage, 'name'> | undefined;
  /** Bytes of a value that somebody else writes. */
  readonly pendingSize?: number | undefined;
}

/** Properties that belong together: those of a message, a recipient or an attachment. */
export interface PropertyList {
  /** What stands in front of the entries. */
  readonly header: Uint8Array;
  readonly properties: readonly MapiProperty[];
}

/** A recipient or an attachment, in a storage of its own. */
export interface MapiPart extends PropertyList {
  readonly storageName: string;
}

/** A message as its storage holds it, no value of it read but those of fixed length. */
export interface MapiMessage extends PropertyList {
  readonly classId: Uint8Array;
  /** What its properties from 0x8000 on are called. */
  readonly names: PropertyNames;
  readonly recipients: readonly MapiPart[];
  readonly attachments: readonly MapiPart[];
}

/** What is to be written into a storage. */
export type NewEntries = readonly (NewStorage | NewStream)[];

/** The property of an id, of any type. */
export const propertyOf = (list: PropertyList, id: number): MapiProperty | undefined =>
  list.properties.find((property) => property.id === id);
