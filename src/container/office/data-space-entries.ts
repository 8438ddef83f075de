import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { NewStorage, NewStream } from '../compound-file/new-compound-file.ts';
import { serializeDefinition } from './data-spaces/definition.ts';
import { serializeMap } from './data-spaces/map.ts';
import {
  dataSpacesStorage,
  definitionsStorage,
  labelInfoStream,
  mapStream,
  type ProtectedNames,
  primaryStream,
  transformsStorage,
  versionStream,
} from './data-spaces/names.ts';
import { newRightsManagement, serializeRightsManagement } from './data-spaces/transform.ts';
import { newUseLicense, serializeUseLicense } from './data-spaces/use-license.ts';
import { currentVersion, serializeVersion } from './data-spaces/version.ts';
import type { StoredUseLicense } from './office-container.ts';

/** What the storage of the data spaces is written from. */
export interface DataSpaceContents {
  readonly names: ProtectedNames;
  /** As it is to be stored. */
  readonly license: Uint8Array;
  /** LabelInfo, or empty. */
  readonly labelInfo: Uint8Array;
  readonly useLicenses: readonly StoredUseLicense[];
}

const none = new Uint8Array(0);

/** The storage `\x06DataSpaces` of a protected file (spec/office.md, "Data spaces"). */
export function dataSpaceEntries({ names, license, labelInfo, useLicenses }: DataSpaceContents): NewStorage {
  if (labelInfo.length > maxima.metadataBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The label metadata has ${labelInfo.length} bytes; an Office file holds at most ${maxima.metadataBytes}.`,
    );
  const map = serializeMap({
    entries: [
      { components: [{ kind: 'stream', name: names.content }], dataSpace: names.dataSpace, tail: none },
    ],
    headerTail: none,
    tail: none,
  });
  const definition = serializeDefinition({ transforms: [names.transform], headerTail: none, tail: none });
  const transform = storage(names.transform, [
    stream(primaryStream, serializeRightsManagement(newRightsManagement(license))),
    ...useLicenses.map(({ streamName, userId, license: chain }) =>
      stream(streamName, serializeUseLicense(newUseLicense(userId, chain))),
    ),
  ]);
  const labels = labelInfo.length === 0 ? [] : [stream(labelInfoStream, labelInfo)];
  return storage(dataSpacesStorage, [
    stream(versionStream, serializeVersion(currentVersion)),
    stream(mapStream, map),
    storage(definitionsStorage, [stream(names.dataSpace, definition)]),
    storage(transformsStorage, [transform, ...labels]),
  ]);
}

const stream = (name: string, content: Uint8Array): NewStream => ({ kind: 'stream', name, content });

const storage = (name: string, entries: readonly (NewStorage | NewStream)[]): NewStorage => ({
  kind: 'storage',
  name,
  entries,
});
