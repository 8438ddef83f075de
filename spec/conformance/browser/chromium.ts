import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

/** What a check may take and give: these cross between Node and the page unchanged. */
export type Exchanged =
  | undefined
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Exchanged[]
  | { readonly [name: string]: Exchanged };

/** Functions that a page module exports, called from Node. */
export type PageModule<T> = {
  readonly [name in keyof T]: T[name] extends (...args: infer A extends readonly Exchanged[]) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
};

export interface OpenPage<T> {
  readonly page: PageModule<T>;
  /** Where the page comes from, as a service sees it. */
  readonly origin: string;
  /** Errors that nobody caught, and what the page wrote to its console. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The page module as one script, refusing whatever exists on Node only. */
async function bundle(path: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as checks from ${JSON.stringify(path)}; globalThis.checks = checks;`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

interface CheckedWindow {
  readonly checks: Readonly<Record<string, (...args: unknown[]) => unknown>>;
}

/** Runs in the page. */
const callCheck = ({ name, args }: { readonly name: string; readonly args: unknown }): unknown =>
  (globalThis as unknown as CheckedWindow).checks[name]!(...(args as unknown[]));

/**
 * Bundles the module at `path`, serves it on this machine, opens it in headless Chromium with an empty profile, and
 * gives its exported functions as functions that run there.
 *
 * `window` is the page's; the content security policy allows no evaluation of text, and no other host than `service`.
 */
export async function openInChromium<T>(path: string, service = "'none'"): Promise<OpenPage<T>> {
  if (!existsSync(executablePath)) {
    throw new Error(`There is no ${executablePath}: install Chromium, or name one in the variable CHROMIUM.`);
  }
  const script = await bundle(path);
  const html =
    '<!doctype html><meta charset="utf-8"><title>Sealwright</title><script type="module" src="/page.js"></script>';
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    response.writeHead(url === '/' || isScript ? 200 : 404, {
      'content-type': isScript ? 'text/javascript' : 'text/html',
      'content-security-policy': `default-src 'none'; script-src 'self'; connect-src ${service}`,
    });
    response.end(isScript ? script : url === '/' ? html : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const profile = await mkdtemp(join(tmpdir(), 'sealwright-chromium-'));
  const complaints: string[] = [];

  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: quiet,
  });
  const close = async (): Promise<void> => {
    await context.close();
    await new Promise((resolve) => server.close(resolve));
    await rm(profile, { recursive: true, force: true });
  };
  try {
    const tab = await context.newPage();
    tab.on('pageerror', (error) => complaints.push(String(error)));
    tab.on('console', (message) => complaints.push(message.text()));
    // A page that has no icon is asked for one all the same.
    await tab.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await tab.goto(`${origin}/`);
    await tab.waitForFunction(() => 'checks' in globalThis, undefined, { timeout: 20_000 });
    const call = async (name: string, args: readonly Exchanged[]): Promise<unknown> =>
      tab.evaluate<unknown, { readonly name: string; readonly args: unknown }>(callCheck, { name, args });
    const page = new Proxy(
      {},
      {
        // Not a promise, though every other name is a function.
        get: (_, name) =>
          name === 'then' ? undefined : (...args: readonly Exchanged[]) => call(String(name), args),
      },
    ) as PageModule<T>;
    return { page, origin, complaints, close };
  } catch (error) {
    await close();
    throw error;
  }
}
