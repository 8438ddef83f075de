import type { ServiceRequest } from './exchange.ts';

/** Whether a request says something. */
export const hasBody = ({ method, body }: Pick<ServiceRequest, 'method' | 'body'>): boolean =>
  method === 'POST' && body !== undefined;
