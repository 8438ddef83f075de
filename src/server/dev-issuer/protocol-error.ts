/** A refusal in the words of OAuth 2.0 (RFC 6749, 5.2), to be answered as JSON or on a redirect. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}

/** Refuses a request that lacks something or holds what it may not. */
export const invalidRequest = (description: string): ProtocolError =>
  new ProtocolError('invalid_request', description);
