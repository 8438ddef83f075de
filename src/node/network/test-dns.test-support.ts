import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What a test DNS server knows: addresses and SRV records by name; what it does not know does not exist. */
export interface DnsFacts {
  readonly addresses?: Readonly<Record<string, string>>;
  readonly services?: Readonly<Record<string, readonly SrvFacts[]>>;
  /** Names for which it answers "server failure". */
  readonly failing?: readonly string[];
}

export interface SrvFacts {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** A DNS server on loopback, by UDP. */
export interface TestDns {
  /** `127.0.0.1:port` */
  readonly server: string;
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const types = { address: 1, address6: 28, service: 33 };

export async function startTestDns(facts: DnsFacts): Promise<TestDns> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    asked.push(name);
    const answers = recordsFor(facts, name, type);
    const known = facts.addresses?.[name] !== undefined || facts.services?.[name] !== undefined;
    const code = facts.failing?.includes(name) ? 2 : known ? 0 : 3;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([head, query.subarray(12, end), ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function recordsFor(facts: DnsFacts, name: string, type: number): Buffer[] {
  const address = facts.addresses?.[name];
  if (type === types.address && address !== undefined) {
    return [record(type, Buffer.from(address.split('.').map(Number)))];
  }
  if (type !== types.service) return [];
  return (facts.services?.[name] ?? []).map(({ priority, weight, port, name: target }) => {
    const numbers = Buffer.alloc(6);
    numbers.writeUInt16BE(priority, 0);
    numbers.writeUInt16BE(weight, 2);
    numbers.writeUInt16BE(port, 4);
    return record(type, Buffer.concat([numbers, encodeName(target)]));
  });
}

/** A record whose name points back to the question, at offset 12. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}
