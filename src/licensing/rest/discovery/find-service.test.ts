import { describe, expect, it } from 'vitest';
import { readPublishingLicense } from '../../../license/index.ts';
import type { ServiceRequest } from '../../exchange/exchange.ts';
import { endpointList, fakeConnection, type Handler, licenseOf, serviceAt } from '../rest.test-support.ts';
import type { DiscoveryStep, RestServiceOptions, SrvRecord } from '../rest-service-options.ts';
import { serviceFinder } from './find-service.ts';

const atContoso = 'https://rms.contoso.com/_wmcs/licensing';

interface Scene {
  readonly handle: Handler;
  readonly options?: Partial<RestServiceOptions>;
  readonly trusted?: (url: URL) => boolean;
  readonly zone?: Readonly<Record<string, string | readonly SrvRecord[]>>;
}

function stage({ handle, options, trusted, zone }: Scene) {
  const { connection, sent } = fakeConnection(handle, trusted);
  const steps: DiscoveryStep[] = [];
  const lookups: string[] = [];
  const finder = serviceFinder(connection, {
    tokens: async () => 'token',
    onDiscovery: (step) => steps.push(step),
    ...(zone && {
      resolveSrv: async (name: string) => {
        lookups.push(name.replace('_rmsdisco._http._tcp.', ''));
        const found = zone[name.replace('_rmsdisco._http._tcp.', '')] ?? [];
        return typeof found === 'string' ? [{ name: found, port: 443, priority: 0, weight: 0 }] : found;
      },
    }),
    ...options,
  });
  const asked = () => sent.map(({ url }: ServiceRequest) => url.href);
  return { finder, sent, steps, lookups, asked };
}

const contosoV2 = serviceAt('https://rms.contoso.com/my/v2', {});
const cloudV2 = serviceAt('https://api.aadrm.com/my/v2', {});
const license = async (url = atContoso) => readPublishingLicense(await licenseOf(url));

describe('finding the service for a license', () => {
  it('asks the host that the DNS names, with the license URL and the server key for the challenge', async () => {
    const { finder, sent, steps } = stage({
      handle: serviceAt('https://disco.contoso.com/my/v2', {}),
      zone: { 'contoso.com': 'disco.contoso.com' },
    });
    const service = await finder.forLicense(await license());
    expect(service.endpoint('enduserlicenses').href).toBe('https://disco.contoso.com/my/v2/enduserlicenses');
    expect(sent[0]?.url.search).toBe(`?service=${encodeURIComponent(atContoso)}`);
    expect(sent[0]?.challengeHeaders?.['x-ms-rms-service-url']).toBe(atContoso);
    expect(sent[0]?.challengeHeaders?.['x-ms-rms-slc-key']).toMatch(/^[A-Za-z0-9+/]{300,}=*$/);
    expect(steps.map(({ kind }) => kind)).toEqual(['license-url', 'dns', 'dns', 'asked', 'endpoint']);
  });

  it('sends no such headers in version 1', async () => {
    const { finder, sent } = stage({
      handle: serviceAt('https://rms.contoso.com/my/v1', {}),
      options: { protocol: 'v1' },
    });
    await finder.forLicense(await license());
    expect(sent[0]?.url.pathname).toBe('/my/v1/servicediscovery');
    expect(sent[0]?.challengeHeaders).toBeUndefined();
  });

  it("asks the license's own host where the DNS knows nothing, then the cloud", async () => {
    const own = stage({ handle: contosoV2, zone: {} });
    await own.finder.forLicense(await license());
    expect(own.asked()).toEqual([expect.stringContaining('https://rms.contoso.com/my/v2/servicediscovery?')]);
    const gone = stage({ handle: cloudV2, zone: {} });
    const service = await gone.finder.forLicense(await license());
    expect(gone.asked()).toHaveLength(2);
    expect(service.endpoint('enduserlicenses').host).toBe('api.aadrm.com');
  });

  it('asks the cloud that the license belongs to', async () => {
    const { finder } = stage({ handle: serviceAt('https://api.aadrm.us/my/v2', {}) });
    const service = await finder.forLicense(await license('https://x.rms.aadrm.us/_wmcs/licensing'));
    expect(service.endpoint('enduserlicenses').host).toBe('api.aadrm.us');
  });

  it('tries every domain of the license in turn', async () => {
    const facts = await license('https://outside.contoso.com/_wmcs');
    const points = facts.facts.distributionPoints.map((point) =>
      point.type === 'License-Acquisition-URL'
        ? { ...point, url: 'https://inside.contoso.local/_wmcs' }
        : point,
    );
    const { finder, lookups } = stage({
      handle: serviceAt('https://rms.contoso.local/my/v2', {}),
      zone: { 'contoso.local': 'rms.contoso.local' },
    });
    const both = { ...facts, facts: { ...facts.facts, distributionPoints: points } };
    const service = await finder.forLicense(both);
    expect(service.endpoint('enduserlicenses').host).toBe('rms.contoso.local');
    expect(lookups).toEqual(['outside.contoso.com', 'contoso.com', 'inside.contoso.local', 'contoso.local']);
  });

  it('looks up nothing and asks nobody for a host that is not allowed', async () => {
    const { finder, sent, lookups, steps } = stage({
      handle: contosoV2,
      zone: { 'contoso.com': 'rms.contoso.com' },
      trusted: ({ host }) => host.endsWith('.aadrm.com'),
    });
    await expect(finder.forLicense(await license())).rejects.toMatchObject({ code: 'UNTRUSTED_SERVICE' });
    expect(sent).toEqual([]);
    expect(lookups).toEqual([]);
    expect(steps.map(({ kind }) => kind)).toEqual(['license-url', 'refused']);
  });

  it('does not follow the DNS to a host that is not allowed', async () => {
    const { finder, asked, steps } = stage({
      handle: contosoV2,
      zone: { 'contoso.com': 'evil.example' },
      trusted: ({ host }) => host.endsWith('.contoso.com'),
    });
    const service = await finder.forLicense(await license());
    expect(service.endpoint('enduserlicenses').host).toBe('rms.contoso.com');
    expect(asked().join()).not.toContain('evil.example');
    expect(steps.some(({ kind, subject }) => kind === 'refused' && subject.includes('evil.example'))).toBe(
      true,
    );
  });

  it('does not use an endpoint on a host that is not allowed, unless it is not needed', async () => {
    const list = endpointList('https://rms.contoso.com/my/v2').map((entry) =>
      entry.Name === 'templates' ? { ...entry, Uri: 'https://evil.example/templates' } : entry,
    );
    const { finder } = stage({
      handle: () => ({ json: list }),
      trusted: ({ host }) => host === 'rms.contoso.com',
    });
    const service = await finder.forLicense(await license());
    expect(service.endpoint('enduserlicenses').host).toBe('rms.contoso.com');
    expect(() => service.endpoint('templates')).toThrowError(
      expect.objectContaining({ code: 'UNTRUSTED_SERVICE' }),
    );
  });

  it('says that an authority without an address cannot be asked', async () => {
    const { finder, sent } = stage({ handle: cloudV2, zone: {} });
    const local = license('urn:uuid:7b1c2f7e-6a0a-4c8e-9a51-7f3f0a9d5e11');
    await expect(finder.forLicense(await local)).rejects.toMatchObject({
      code: 'UNTRUSTED_SERVICE',
      message: expect.stringContaining('without an address'),
    });
    expect(sent).toEqual([]);
  });

  it('always takes a URL that was given, whatever the license says', async () => {
    for (const url of [
      atContoso,
      'https://10.0.0.1/_wmcs',
      'urn:uuid:7b1c2f7e-6a0a-4c8e-9a51-7f3f0a9d5e11',
    ]) {
      const { finder, asked } = stage({
        handle: serviceAt('https://given.example/my/v2', {}),
        options: { url: 'https://given.example' },
        trusted: ({ host }) => host === 'given.example',
        zone: { 'contoso.com': 'rms.contoso.com' },
      });
      const service = await finder.forLicense(await license(url));
      expect(service.endpoint('enduserlicenses').host).toBe('given.example');
      expect(asked().every((each) => each.startsWith('https://given.example/'))).toBe(true);
    }
  });
});

describe('finding the service for publishing', () => {
  it('starts from the mail address: the DNS, else the cloud', async () => {
    const byRecord = stage({
      handle: serviceAt('https://rms.contoso.com:8443/my/v2', {}),
      options: { user: 'Alice@Mail.Contoso.com' },
      zone: { 'contoso.com': [{ name: 'rms.contoso.com', port: 8443, priority: 0, weight: 0 }] },
    });
    await byRecord.finder.forPublishing();
    expect(byRecord.asked()).toEqual([
      'https://rms.contoso.com:8443/my/v2/servicediscovery?email=alice%40mail.contoso.com',
    ]);
    const inCloud = stage({ handle: cloudV2, options: { user: 'alice@contoso.com' } });
    await inCloud.finder.forPublishing();
    expect(inCloud.asked()[0]).toContain('https://api.aadrm.com/my/v2/servicediscovery?email=');
  });

  it("does not turn to the cloud when the organization's own service is down", async () => {
    const { finder, asked } = stage({
      handle: cloudV2,
      options: { user: 'alice@contoso.com' },
      zone: { 'contoso.com': 'rms.contoso.com' },
    });
    await expect(finder.forPublishing()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(asked()).toHaveLength(1);
  });

  it('takes the usual paths of the cloud where there is neither a URL nor an address', async () => {
    const { finder, sent } = stage({ handle: cloudV2 });
    const service = await finder.forPublishing();
    expect(service.endpoint('templates').href).toBe('https://api.aadrm.com/my/v2/templates');
    expect(service.sealwright).toBe(false);
    expect(sent).toEqual([]);
    const none = stage({ handle: cloudV2, options: { trust: { clouds: [] } } });
    await expect(none.finder.forPublishing()).rejects.toMatchObject({ code: 'UNTRUSTED_SERVICE' });
  });

  it('takes the usual paths below a given URL that has no discovery', async () => {
    const { finder } = stage({ handle: () => undefined, options: { url: 'https://rms.contoso.com/my/v1' } });
    const service = await finder.forPublishing();
    expect(service.endpoint('publishinglicenses').href).toBe(
      'https://rms.contoso.com/my/v1/publishinglicenses',
    );
    expect(() => service.endpoint('sealwrightrevocations')).toThrowError(
      expect.objectContaining({ code: 'UNSUPPORTED_BY_SERVICE' }),
    );
  });
});

describe('remembering endpoints', () => {
  it('asks once an hour, and again when an endpoint is gone', async () => {
    let time = Date.parse('2026-05-04T12:00:00Z');
    const { finder, sent, steps } = stage({
      handle: contosoV2,
      options: { now: () => new Date(time), user: 'alice@contoso.com', url: 'https://rms.contoso.com' },
    });
    await finder.forPublishing();
    const again = await finder.forPublishing();
    expect(sent).toHaveLength(1);
    expect(steps.at(-1)?.kind).toBe('cached');
    time += 3600_000;
    await finder.forPublishing();
    expect(sent).toHaveLength(2);
    again.forget();
    await finder.forPublishing();
    expect(sent).toHaveLength(3);
  });

  it("never uses what was found for the caller's own service for a license", async () => {
    const { finder } = stage({
      handle: (request) => contosoV2(request) ?? cloudV2(request),
      options: { user: 'alice@contoso.com' },
    });
    expect((await finder.forPublishing()).endpoint('publishinglicenses').host).toBe('api.aadrm.com');
    expect((await finder.forLicense(await license())).endpoint('enduserlicenses').host).toBe(
      'rms.contoso.com',
    );
    expect((await finder.forPublishing()).endpoint('enduserlicenses').host).toBe('api.aadrm.com');
  });
});

describe('what discovery answers', () => {
  const answering = (json: unknown) =>
    stage({ handle: () => ({ json }), options: { url: 'https://rms.contoso.com' } }).finder.forPublishing();

  it('may come in any case and order, with names nobody knows', async () => {
    const service = await answering([
      { Name: 'Novelty', Uri: 'not a url' },
      { Name: 'TEMPLATES', Uri: 'https://rms.contoso.com/my/v2/templates' },
    ]);
    expect(service.endpoint('templates').pathname).toBe('/my/v2/templates');
    expect(() => service.endpoint('publishinglicenses')).toThrowError(
      expect.objectContaining({
        code: 'MALFORMED_ANSWER',
        details: expect.objectContaining({ field: 'publishinglicenses' }),
      }),
    );
  });

  it.each([
    ['', null],
    ['', {}],
    ['[0]', ['templates']],
    ['[0].Name', [{ Uri: 'https://rms.contoso.com' }]],
    [
      '[1].Uri',
      [
        { Name: 'templates', Uri: 'https://x.example' },
        { Name: 'x', Uri: 7 },
      ],
    ],
    ['[0].Uri', [{ Name: 'templates', Uri: '' }]],
  ])('names the field %j that makes no sense', async (field, json) => {
    await expect(answering(json)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER', details: { field } });
  });

  it.each([
    'templates',
    'javascript:alert(1)',
    'https://a:b@rms.contoso.com/',
    'https://rms.contoso.com/my/v2/servicediscovery?email=x',
  ])('has no endpoint at %s', async (Uri) => {
    const service = await answering([{ Name: 'templates', Uri }]);
    expect(() => service.endpoint('templates')).toThrowError(
      expect.objectContaining({
        code: 'MALFORMED_ANSWER',
        details: expect.objectContaining({ field: '[0].Uri' }),
      }),
    );
  });
});
