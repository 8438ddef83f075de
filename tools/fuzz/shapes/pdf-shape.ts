import { deflateSync, inflateSync } from 'node:zlib';
import { pick } from '../mutate.ts';
import type { Random } from '../random.ts';
import { anyMatch, bytesOf, oneOf, replaced, textOf } from './text.ts';

const numbers =
  /\/(?:Length|Prev|Size|N|First|Count|XRefStm|Columns|Colors|Predictor|BitsPerComponent|V|Version|Parent|Extends)\s*-?\d+/g;
const lists =
  /\/(?:W|Index|Kids|ID|Fields|AF|Names|Filter|DecodeParms|Root|EF|Info|Pages)\s*(?:\[[^[\]]*\]|\d+ \d+ R)/g;
const reference = /\d+ \d+ R/g;
const object = /(?:^|[\r\n])(\d+) (\d+) obj\b/g;
const row = /\d{10} \d{5} [nf]/g;
const rowRange = /(?<=xref\s+|[nf]\s+)\d+ \d+(?=\s+\d{10} )/g;
const stream = /(?:^|[\r\n])(\d+) 0 obj\s*<<((?:(?!endobj)[\s\S])*?)>>\s*stream\r?\n/g;

/** A megabyte of zeros in one KB; the same again, packed once more; 32 times as much; and lines that never end. */
const bombs = (() => {
  const zeros = deflateSync(new Uint8Array(1 << 20), { level: 9 });
  const twice = deflateSync(zeros, { level: 9 });
  const large = { filter: '/FlateDecode', data: deflateSync(new Uint8Array(33 << 20), { level: 9 }) };
  const usual = [
    { filter: '/FlateDecode', data: zeros },
    { filter: '[/FlateDecode/FlateDecode]', data: twice },
    { filter: '[/FlateDecode/FlateDecode]', data: zeros },
    { filter: '/FlateDecode', data: deflateSync(Buffer.alloc(1 << 20, '1 0 ')) },
    { filter: '/FlateDecode', data: deflateSync(Buffer.alloc(1 << 19, '[')) },
    { filter: '/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>', data: zeros },
  ];
  return { large, usual };
})();

/** Changes what a PDF says of itself: numbers, references, places of objects, and what stands in packed streams. */
export function reshapePdf(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const text = textOf(bytes);
  const numberOf = (): string => {
    const objects = [...text.matchAll(object)];
    const anyObject = objects.length > 0 ? pick(objects, random) : undefined;
    return pick(
      [
        ...['0', '1', '-1', '2', '3', '4', '255', '65536', '8388607', '8388608', '2147483648', '4294967296'],
        ...[
          '9007199254740993',
          '99999999999999999999',
          '1.5',
          '+7',
          String(text.length),
          '/A',
          '(1)',
          'null',
        ],
        String(random(text.length + 1)),
        String((anyObject?.index ?? 0) + 1),
        String(Math.max(0, text.lastIndexOf('xref'))),
        `${anyObject?.[1] ?? 1} 0 R`,
        `${random(40)} 0 R`,
      ],
      random,
    );
  };
  const anyReference = (): string => {
    const found = anyMatch(text, object, random);
    return random(6) === 0 ? `${random(60)} 0 R` : `${found?.[1] ?? 1} ${found?.[2] ?? 0} R`;
  };
  const result = oneOf(
    [
      () => change(anyMatch(text, numbers, random), (old) => old.replace(/-?\d+$/, numberOf())),
      () =>
        change(anyMatch(text, lists, random), (old) => {
          const inner = anyMatch(old, /\d+ \d+ R|\d+/g, random);
          if (inner === undefined) return `${old} ${numberOf()}`;
          return replaced(old, inner, inner[0].endsWith('R') ? anyReference() : numberOf());
        }),
      () => change(anyMatch(text, reference, random), anyReference),
      () =>
        change(anyMatch(text, row, random), (old) => {
          if (random(3) === 0) return old.slice(0, -1) + (old.endsWith('n') ? 'f' : 'n');
          const place = anyMatch(text, object, random)?.index ?? 0;
          return `${String(random(3) === 0 ? random(1e10) : place + random(3)).padStart(10, '0')}${old.slice(10)}`;
        }),
      () => change(anyMatch(text, rowRange, random), () => `${random(12)} ${pick([0, 1, 3, 9, 99_999_999], random)}`),
      () => change(anyMatch(text, /startxref\s+\d+/g, random), () => `startxref\n${numberOf()}`),
      () => change(anyMatch(text, /\/[A-Z][A-Za-z]+/g, random), () => anyMatch(text, /\/[A-Z][A-Za-z]+/g, random)?.[0] ?? '/A'),
      () => movedObject(text, random),
      () => repacked(text, random, numberOf),
      () => repacked(text, random, numberOf),
      () => bombed(text, random),
      () => chained(text, random),
    ],
    random,
  ); // biome-ignore format: a list of ways
  return result === undefined ? undefined : bytesOf(result);

  function change(match: RegExpExecArray | undefined, to: (old: string) => string): string | undefined {
    return match === undefined ? undefined : replaced(text, match, to(match[0]));
  }
}

/** Appends an update in which one object is another. */
function movedObject(text: string, random: Random): string | undefined {
  const [from, to] = [anyMatch(text, object, random), anyMatch(text, object, random)];
  if (from === undefined || to === undefined) return undefined;
  const end = text.indexOf('endobj', from.index);
  if (end < 0) return undefined;
  const body = text.slice(from.index + from[0].length, end);
  return updated(text, Number(to[1]), body, random);
}

/** Appends a stream whose packed data were changed and packed again. */
function repacked(text: string, random: Random, numberOf: () => string): string | undefined {
  const found = anyMatch(text, stream, random);
  if (found === undefined || !found[2]?.includes('FlateDecode')) return undefined;
  const start = found.index + found[0].length;
  let plain: string;
  try {
    plain = inflateSync(bytesOf(text.slice(start, start + 200_000)), { finishFlush: 2 }).toString('latin1');
  } catch {
    return undefined;
  }
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(plain.length + 1);
    const number = anyMatch(plain, /\d+/g, random);
    if (number !== undefined && random(2) === 0) plain = replaced(plain, number, numberOf());
    else plain = plain.slice(0, at) + String.fromCharCode(random(256)) + plain.slice(at + random(3));
  }
  return withStream(text, found, deflateSync(bytesOf(plain)).toString('latin1'), random);
}

function bombed(text: string, random: Random): string | undefined {
  const found = anyMatch(text, stream, random);
  if (found === undefined) return undefined;
  const { filter, data } = random(40) === 0 ? bombs.large : pick(bombs.usual, random);
  const keys = (found[2] as string).replace(/\/(?:Filter|DecodeParms)\s*(?:\/\w+|\[[^\]]*\]|<<[^>]*>>)/g, '');
  const own = Object.assign([...found], { index: found.index }) as RegExpExecArray;
  own[2] = `${keys}/Filter${filter}`;
  return withStream(text, own, data.toString('latin1'), random);
}

function withStream(text: string, found: RegExpExecArray, data: string, random: Random): string {
  const keys = (found[2] as string).replace(/\/Length\s+\d+(?: \d+ R)?/, '');
  const body = `\n<<${keys}/Length ${data.length}>>stream\n${data}\nendstream\n`;
  if (!/\/Type\s*\/XRef/.test(keys)) return updated(text, Number(found[1]), body, random);
  return `${text}\n${found[1]} 0 obj${body}endobj\nstartxref\n${text.length + 1}\n%%EOF\n`;
}

/** The text with another object of that number, and a table or nothing that says where it is. */
function updated(text: string, number: number, body: string, random: Random): string {
  const head = `${text}\n${number} 0 obj`;
  const whole = `${head}${body}endobj\n`;
  const last = [...text.matchAll(/startxref\s+(\d+)/g)].pop()?.[1] ?? '0';
  const root = /\/Root\s*\d+ \d+ R/.exec(text)?.[0] ?? '/Root 1 0 R';
  const place = String(text.length + 1).padStart(10, '0');
  const table = `xref\n0 1\n0000000000 65535 f \n${number} 1\n${place} 00000 n \ntrailer\n<<${root}/Size 99/Prev ${last}>>\n`;
  return random(8) === 0 ? whole : `${whole}${table}startxref\n${whole.length}\n%%EOF\n`;
}

/** Appends objects that lead to each other in a circle or very deep, and puts the first in the place of a value. */
function chained(text: string, random: Random): string | undefined {
  const found = anyMatch(text, reference, random);
  if (found === undefined) return undefined;
  const count = pick([2, 30, 40, 300, 1500], random);
  const key = pick(['Kids', 'Parent', 'Next', 'Prev', 'Extends', 'Names', 'Length', 'V'], random);
  let whole = replaced(text, found, '7000 0 R');
  for (let i = 0; i < count; i++) {
    const next = `${7000 + ((i + 1) % (random(3) === 0 ? count : count + 1))} 0 R`;
    whole += `\n${7000 + i} 0 obj\n${pick([next, `<</Type/Pages/${key} ${next}>>`, `<</${key}[${next} ${next}]>>`], random)}\nendobj`;
  }
  return `${whole}\n`;
}
