/** Sent with every answer: answers are data for programs, never pages, and hold keys that nobody may keep. */
const fixedHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** An answer before it is made into a `Response`, which is costly to take apart again. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type: string;
  readonly headers?: AnswerHeaders | undefined;
}

/** An answer in JSON. */
export const json = (message: unknown, status = 200, headers?: AnswerHeaders): Answer => ({
  status,
  body: JSON.stringify(message),
  type: 'application/json; charset=utf-8',
  headers,
});

/** Makes the response of an answer. A plain object of headers is what the Node adapter writes fastest. */
export const toResponse = (answer: Answer, more: AnswerHeaders, withBody = true): Response =>
  new Response(withBody && answer.status !== 204 ? answer.body : null, {
    status: answer.status,
    headers: { 'content-type': answer.type, ...fixedHeaders, ...more, ...answer.headers },
  });

/** Gives a response made elsewhere the headers every answer has, where it does not say otherwise itself. */
export function withFixedHeaders(response: Response, more: AnswerHeaders): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries({ ...fixedHeaders, ...more }))
    if (!headers.has(name)) headers.set(name, value);
  return new Response(response.body, { status: response.status, headers });
}
