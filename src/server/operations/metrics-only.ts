import type { Server } from '../server-options.ts';

/** The metrics of a server and nothing else, for a listener of their own (spec/server.md, "Metrics"). */
export const metricsOnly = (server: Pick<Server, 'metrics'>): Pick<Server, 'fetch'> => ({
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname !== '/metrics' || request.method !== 'GET') return new Response(null, { status: 404 });
    return new Response(await server.metrics(), {
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
    });
  },
});
