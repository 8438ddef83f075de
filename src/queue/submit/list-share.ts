import { stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { TaskSettings } from '../../node/bulk/core.ts';
import { walkFolder } from '../../node/index.ts';
import { toSharePath } from '../run/share-paths.ts';
import type { SettledAtOnce } from './file-rows.ts';

export interface SharedFile {
  readonly path: string;
  readonly below: string;
  readonly size: number;
  readonly settings: TaskSettings;
  readonly settled?: SettledAtOnce | undefined;
}

export async function* listShare(options: {
  readonly root: string;
  readonly inputs: readonly string[];
  readonly settings: TaskSettings;
}): AsyncGenerator<SharedFile> {
  const { root, inputs, settings } = options;
  for (const input of inputs) {
    for await (const entry of walkFolder(input)) {
      const { path } = entry as unknown as { path: string };
      const { size } = await stat(path);
      yield { path: toSharePath(root, path), below: relative(input, path) || basename(path), size, settings };
      void join;
    }
  }
}
