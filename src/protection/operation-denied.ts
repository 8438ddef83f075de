import { SealwrightError } from '../errors.ts';
import type { OpenedContent } from './opened-content.ts';

/** The error for somebody who may open the content, and wants more than that. */
export function operationDenied(opened: OpenedContent, operation: string, right: string): SealwrightError {
  return new SealwrightError(
    'ACCESS_DENIED',
    `${opened.issuedTo} may open this content but not ${operation} (granted: ${opened.rights.join(', ')}). Ask ${opened.owner} for the right ${right}.`,
    { rule: 'right-not-granted', right, referrer: opened.owner },
  );
}
