import type { Exchange } from '../exchange/exchange.ts';
import type { KeyPins } from '../service-trust.ts';

/** What the messages of the protocol travel over. */
export interface RestConnection {
  readonly exchange: Exchange;
  /** Throws `UNTRUSTED_SERVICE` unless the trust configuration lets this URL be contacted. */
  readonly requireTrusted: (url: URL) => void;
  readonly keys?: KeyPins | undefined;
}
