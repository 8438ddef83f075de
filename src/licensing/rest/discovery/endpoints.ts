import { SealwrightError } from '../../../errors.ts';
import type { ServiceAnswer } from '../../exchange/exchange.ts';
import { type AnswerFacts, answerList, malformedAnswer } from '../answer-fields.ts';
import { sealwrightEndpoints } from '../messages.ts';
import type { ServiceRoot } from './service-root.ts';

/** The endpoints the client uses. */
export type EndpointName =
  | 'enduserlicenses'
  | 'publishinglicenses'
  | 'templates'
  | keyof typeof sealwrightEndpoints;

/** What a service says where its endpoints are. Addresses are not to be contacted before they are checked. */
export interface Endpoints {
  readonly root: ServiceRoot;
  /** By name, in lower case, as the service wrote them. */
  readonly uris: ReadonlyMap<string, { readonly uri: string; readonly field: string }>;
  /** Whether it is a server of ours, which understands what the protocol has no word for. */
  readonly sealwright: boolean;
  readonly answer: AnswerFacts;
}

/** Reads the list that discovery answers with; names that are not known are kept and not used. */
export function readEndpoints(answer: ServiceAnswer, root: ServiceRoot): Endpoints {
  const uris = new Map<string, { uri: string; field: string }>();
  for (const [index, entry] of answerList(answer.json, answer).entries()) {
    const name = entry.requiredText('Name', 256).trim().toLowerCase();
    const uri = entry.requiredText('Uri').trim();
    if (!uris.has(name)) uris.set(name, { uri, field: `[${index}].Uri` });
  }
  const sealwright = Object.keys(sealwrightEndpoints).some((name) => uris.has(name));
  return { root, uris, sealwright, answer };
}

/** The endpoints every service has below its root, where it does not list them. */
export function usualEndpoints(root: ServiceRoot, answer: AnswerFacts): Endpoints {
  const names = ['enduserlicenses', 'publishinglicenses', 'templates'] as const;
  const uris = new Map(names.map((name) => [name, { uri: `${root.url}/${name}`, field: name }]));
  return { root, uris, sealwright: false, answer };
}

const answersDiscovery = /\/servicediscovery\/*$/i;

/**
 * The address of one endpoint. Throws `UNSUPPORTED_BY_SERVICE` for one of ours that the service does not have,
 * `MALFORMED_ANSWER` for one of the protocol that it does not list or lists without sense.
 */
export function endpointUrl({ uris, answer }: Endpoints, name: EndpointName): URL {
  const found = uris.get(name);
  if (found === undefined) {
    if (Object.hasOwn(sealwrightEndpoints, name)) throw notOurs(name, answer);
    throw malformedAnswer(answer, name, 'is not among the endpoints that discovery lists');
  }
  const url = parseEndpoint(found.uri);
  if (url === undefined) throw malformedAnswer(answer, found.field, 'is no address of an endpoint');
  if (answersDiscovery.test(url.pathname))
    throw malformedAnswer(answer, found.field, 'points back to discovery, which would go in circles');
  return url;
}

function parseEndpoint(uri: string): URL | undefined {
  try {
    const url = new URL(uri);
    url.hash = '';
    const plain = url.username === '' && url.password === '';
    return plain && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
  } catch {
    return undefined;
  }
}

const purposes: Readonly<Record<keyof typeof sealwrightEndpoints, string>> = {
  sealwrightclientlicensors: 'certificates for publishing offline',
  sealwrightcontents: 'registering content for tracking',
  sealwrightrevocations: 'revoking content',
  sealwrightrestorations: 'undoing a revocation',
};

const notOurs = (name: string, answer: AnswerFacts): SealwrightError =>
  new SealwrightError(
    'UNSUPPORTED_BY_SERVICE',
    `The service ${answer.url.host} has no endpoint for ${purposes[name as keyof typeof purposes]}. Use a Sealwright server for that.`,
    { reason: 'no-endpoint', host: answer.url.host },
  );
