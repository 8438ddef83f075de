import type { AllowedServices } from '../exchange/allowed-services.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { KeyPins } from '../service-trust.ts';

/** What the messages of the protocol travel over. */
export interface RestConnection {
  readonly exchange: Exchange;
  /** Held against every address that a license, the DNS or an answer names, before it is contacted. */
  readonly allowed: Pick<AllowedServices, 'service'>;
  readonly keys?: KeyPins | undefined;
}
