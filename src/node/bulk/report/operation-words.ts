import type { BulkOperation } from '../task.ts';

/** How an operation is spoken of. */
export interface OperationWords {
  /** `protected` */
  readonly done: string;
  /** `be protected` */
  readonly toBeDone: string;
  /** `Protecting files` */
  readonly title: string;
}

/** Words for each operation, in reports and on the terminal. */
export const operationWords: Readonly<Record<BulkOperation, OperationWords>> = {
  protect: { done: 'protected', toBeDone: 'be protected', title: 'Protecting files' },
  open: { done: 'opened', toBeDone: 'be opened', title: 'Opening files' },
  reprotect: {
    done: 'put under the new policy',
    toBeDone: 'be put under the new policy',
    title: 'Protecting files anew',
  },
  unprotect: {
    done: 'freed of their protection',
    toBeDone: 'be freed of their protection',
    title: 'Taking protection off files',
  },
  inspect: { done: 'inspected', toBeDone: 'be inspected', title: 'Inspecting files' },
};
