import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';

/** Sends MSAL's requests with `fetch`. */
const fetchNetwork: INetworkModule = {
  sendGetRequestAsync: (url, options) => send('GET', url, options),
  sendPostRequestAsync: (url, options) => send('POST', url, options),
};

async function send<T>(
  method: string,
  url: string,
  options: NetworkRequestOptions | undefined,
): Promise<NetworkResponse<T>> {
  const response = await fetch(url, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
    headers: options?.headers ?? {},
    ...(options?.body !== undefined && { body: options.body }),
  });
  return {
    headers: Object.fromEntries(response.headers),
    body: (await response.json()) as T,
    status: response.status,
  };
}

/**
 * MSAL takes the address for device codes to be the token endpoint with another last word, as Microsoft's is, whatever the
 * discovery document says, and shortens the name of the grant, which only Microsoft's understands. This sends such requests where the
 * document says, under the grant's full name (RFC 8628, 3.4).
 */
export function plainOpenIdNetwork(network: INetworkModule = fetchNetwork): INetworkModule {
  let endpoints: { readonly assumed: string; readonly stated: string } | undefined;
  return {
    async sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions, timeout?: number) {
      const response = await network.sendGetRequestAsync<T>(url, options, timeout);
      const { body } = response;
      if (url.includes('/.well-known/openid-configuration') && typeof body === 'object' && body !== null) {
        const { token_endpoint: token, device_authorization_endpoint: stated } = body as {
          readonly token_endpoint?: unknown;
          readonly device_authorization_endpoint?: unknown;
        };
        if (typeof token === 'string' && typeof stated === 'string' && isHttps(stated))
          endpoints = { assumed: token.replace('/token', '/devicecode'), stated };
      }
      return response;
    },
    sendPostRequestAsync: (url, options) =>
      network.sendPostRequestAsync(
        endpoints !== undefined && url.split('?')[0] === endpoints.assumed
          ? `${endpoints.stated}${url.slice(endpoints.assumed.length)}`
          : url,
        options?.body === undefined ? options : { ...options, body: withFullGrant(options.body) },
      ),
  };
}

const withFullGrant = (body: string): string =>
  body.replace(
    /(^|&)grant_type=device_code(?=&|$)/,
    `$1grant_type=${encodeURIComponent('urn:ietf:params:oauth:grant-type:device_code')}`,
  );

const isHttps = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === 'https:';
