import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

// Observing the process costs a timer, so it is done once, however many servers there are, and when first asked for.
let processRegistry: Registry | undefined;

function processMetrics(): Promise<string> {
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry.metrics();
}

/** What the server counts (spec/server.md, "Metrics"). No label ever names a person or a document. */
export interface ServerMetrics {
  begin(): void;
  end(route: string, status: number, seconds: number): void;
  decided(outcome: string): void;
  refusedToken(reason: string): void;
  throttled(by: string): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Labels come from closed lists of routes, codes and reasons; should one of them not be closed, this bounds it. */
const mostLabels = 512;

/** The metrics of one server, in a registry of their own. */
export function serverMetrics(): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'sealwright_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'sealwright_request_duration_seconds',
    help: 'Time from a request to its answer, by route',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const inFlight = new Gauge({
    name: 'sealwright_requests_in_flight',
    help: 'Requests being served',
    registers,
  });
  const decisions = counterBy('sealwright_decisions_total', 'Access decisions, by outcome', 'outcome');
  const tokens = counterBy(
    'sealwright_tokens_refused_total',
    'Tokens that were refused, by reason',
    'reason',
  );
  const throttled = counterBy('sealwright_throttled_total', 'Requests beyond a limit, by limit', 'limit');

  function counterBy(name: string, help: string, label: string) {
    const counter = new Counter({ name, help, labelNames: [label], registers });
    const children = remembering((value) => counter.labels(value), 'other');
    return (value: string) => children(value).inc();
  }
  // Looking a labeled metric up costs more than adding to it.
  const requestsOf = remembering((key) => requests.labels(...key.split(' ')), 'other 0');
  const durationOf = remembering((route) => duration.labels(route), 'other');

  let flying = 0;
  return {
    begin() {
      flying += 1;
      inFlight.set(flying);
    },
    end(route, status, seconds) {
      flying -= 1;
      inFlight.set(flying);
      requestsOf(`${route} ${status}`).inc();
      durationOf(route).observe(seconds);
    },
    decided: decisions,
    refusedToken: tokens,
    throttled,
    text: async () => `${await registry.metrics()}\n${await processMetrics()}`,
    contentType: registry.contentType,
  };
}

/** Keeps what `make` gave for a key; once there are too many keys, all others are `beyond`. */
function remembering<T>(make: (key: string) => T, beyond: string): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= mostLabels) return make(beyond);
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}
