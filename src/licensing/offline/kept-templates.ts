import { decodeUtf8, encodeUtf8, type WaitOptions } from '../../bytes/index.ts';
import { type LocalizedName, parseGuid, type TemplateSummary, usEnglish } from '../../rights/index.ts';
import { isUnreachable } from '../is-unreachable.ts';
import type { LicensingService } from '../licensing-service.ts';
import type { Shelf } from './offline-shelf.ts';
import { sharedWork } from './shared-work.ts';

/** A template as it is named offline. */
export interface KeptTemplate {
  /** GUID, lower case, without braces. */
  readonly id: string;
  readonly names: readonly LocalizedName[];
}

/** The templates that the service offers, as it said when it was last asked. */
export interface KeptTemplates {
  find(id: string, options?: WaitOptions): Promise<KeptTemplate | undefined>;
  /** Asks the service. */
  refresh(options?: WaitOptions): Promise<void>;
  /** Lets the next {@link find} ask the service. */
  forget(): Promise<void>;
}

interface List {
  readonly listedAt: number;
  readonly templates: readonly TemplateSummary[];
}

/** @param keptFor milliseconds after which the service is asked again; if it cannot be reached, the list stands */
export function keptTemplates(
  service: LicensingService,
  shelf: Shelf,
  now: () => Date,
  keptFor: number,
): KeptTemplates {
  let list: List | undefined;
  let fromShelf = false;

  const refresh = sharedWork(async () => {
    const templates = await service.listTemplates();
    list = { listedAt: now().getTime(), templates };
    await shelf.put(encodeUtf8(JSON.stringify(list)), undefined);
  });

  async function current(options: WaitOptions | undefined): Promise<List | undefined> {
    if (!fromShelf) {
      list ??= readList(await shelf.get());
      fromShelf = true;
    }
    const age = list === undefined ? Number.POSITIVE_INFINITY : now().getTime() - list.listedAt;
    if (age >= 0 && age < keptFor) return list;
    try {
      await refresh(options);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
    }
    return list;
  }

  return {
    refresh,
    async find(id, options) {
      const found = (await current(options))?.templates.find((each) => parseGuid(each.id) === id);
      if (found === undefined) return undefined;
      const { name, description } = found;
      // A summary does not tell its language; readers without a better one take this.
      return { id, names: name === '' ? [] : [{ lcid: usEnglish, name, description }] };
    },
    async forget() {
      list = undefined;
      await shelf.clear();
    },
  };
}

function readList(bytes: Uint8Array | undefined): List | undefined {
  if (bytes === undefined) return undefined;
  try {
    const { listedAt, templates } = JSON.parse(decodeUtf8(bytes)) as Partial<Record<keyof List, unknown>>;
    if (typeof listedAt !== 'number' || !Array.isArray(templates)) return undefined;
    return templates.every(isSummary) ? { listedAt, templates } : undefined;
  } catch {
    return undefined;
  }
}

const isSummary = (value: unknown): value is TemplateSummary =>
  typeof value === 'object' &&
  value !== null &&
  (['id', 'name', 'description'] as const).every(
    (name) => typeof (value as Record<string, unknown>)[name] === 'string',
  );
