import type { CloudName } from '../../licensing/index.ts';
import type { OutputOptions } from '../command-action.ts';

/** What `doctor` takes. */
export interface DoctorOptions extends OutputOptions {
  readonly service?: string;
  readonly profile?: string;
  readonly trust?: readonly string[];
  readonly as?: string;
  readonly cloud?: string;
  readonly all?: boolean;
  readonly explain?: boolean;
  readonly timeout?: string;
  readonly proxy?: string | undefined;
  readonly pac?: string | undefined;
  readonly ca?: string;
}

/** Clouds whose needs `doctor` knows. */
export const clouds: readonly CloudName[] = ['commercial', 'us-government', 'china'];
