import { describe, expect, it } from 'vitest';
import { clientAddress, proxyList } from './client-address.ts';
import { addressGroup } from './operations/rate-limit.ts';

describe('the address of a client', () => {
  const proxies = proxyList(['10.0.0.0/24', '2001:db8::1']);

  it('is that of the peer, whatever it says, unless the peer is a declared proxy', () => {
    expect(clientAddress('198.51.100.7', '1.2.3.4', proxies)).toBe('198.51.100.7');
    expect(clientAddress('198.51.100.7', '1.2.3.4', undefined)).toBe('198.51.100.7');
    expect(clientAddress('::ffff:198.51.100.7', undefined, proxies)).toBe('198.51.100.7');
    expect(clientAddress(undefined, '1.2.3.4', proxies)).toBeUndefined();
  });

  it('is the last one in the header that is no proxy: what stands left of it may be made up', () => {
    expect(clientAddress('10.0.0.7', '1.2.3.4', proxies)).toBe('1.2.3.4');
    expect(clientAddress('::ffff:10.0.0.7', '9.9.9.9, 1.2.3.4, 10.0.0.8', proxies)).toBe('1.2.3.4');
    expect(clientAddress('2001:db8::1', '[2001:db8::9]:443', proxies)).toBe('2001:db8::9');
  });

  it('is the last that could be read, where the header makes no sense', () => {
    expect(clientAddress('10.0.0.7', 'unknown', proxies)).toBe('10.0.0.7');
    expect(clientAddress('10.0.0.7', '1.2.3.4, <script>, 10.0.0.8', proxies)).toBe('10.0.0.8');
    expect(clientAddress('10.0.0.7', ',,,', proxies)).toBe('10.0.0.7');
  });

  it('is held against networks that are networks', () => {
    for (const wrong of ['', 'proxy.local', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '::/129', '0/0'])
      expect(() => proxyList([wrong])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('addresses that are counted as one', () => {
  it('are each for itself in IPv4 and a network in IPv6', () => {
    expect(addressGroup('198.51.100.7')).toBe('198.51.100.7');
    expect(addressGroup('::ffff:198.51.100.7')).toBe('198.51.100.7');
    expect(addressGroup('2001:DB8:0:1::1')).toBe('2001:db8:0:1::/64');
    expect(addressGroup('2001:db8::1:2:3:4:5')).toBe('2001:db8:0:1::/64');
    expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(addressGroup('::1')).toBe('0:0:0:0::/64');
  });
});
