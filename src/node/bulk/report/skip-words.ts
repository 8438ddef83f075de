import type { SkipReason } from '../outcome.ts';

/** Why files were passed over, in words that follow a number: `12 are protected as asked already`. */
export const skipWords: Readonly<Record<SkipReason, string>> = {
  'protected-as-asked': 'protected already, as asked',
  'already-protected': 'protected already, under a policy of their own',
  'not-protected': 'not protected: there was nothing to do',
  'not-a-message': 'not a message, which says who gets it',
  'labelled-as-asked': 'labelled already, as asked',
  'by-rule': 'left alone by a rule, or matched by none',
  excluded: 'left out by default: system folders and types',
  'not-selected': 'left out by the filters',
  'symbolic-link': 'symbolic links, which are not followed',
  'special-file': 'pipes, sockets or devices',
  'own-file': 'files of the authority, of the run, or in its output',
  'dry-run': 'would have been done: this was a dry run',
};
