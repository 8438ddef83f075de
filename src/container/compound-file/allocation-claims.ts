/** Sectors in one page of the bitmap. */
const pageSectors = 32 * 1024;
const pageShift = 15;
/** A page of which every sector is in use; shared, and never written to. */
const fullPage = new Uint8Array(pageSectors / 8).fill(0xff);

/** Which sectors are in use, so that none is used twice ([MS-CFB] 2.1: no sector belongs to two chains). */
export interface SectorClaims {
  /** Takes `count` neighbouring sectors; `false`, and nothing is taken, if one of them is in use already. */
  claim(first: number, count: number): boolean;
  /** Gives back what was taken. */
  release(first: number, count: number): void;
}

/** No sector in use. Memory grows with the sectors in use, a bit for each, less where many neighbours are. */
export function sectorClaims(): SectorClaims {
  const pages = new Map<number, Uint8Array>();

  function eachPage(
    first: number,
    count: number,
    visit: (page: number, from: number, to: number) => boolean,
  ): boolean {
    const end = first + count;
    for (let at = first; at < end; ) {
      const page = at >>> pageShift;
      const pageStart = page * pageSectors;
      const to = Math.min(end, pageStart + pageSectors);
      if (!visit(page, at - pageStart, to - pageStart)) return false;
      at = to;
    }
    return true;
  }

  /** A page of its own, to be changed. */
  function writable(page: number): Uint8Array {
    let bits = pages.get(page);
    if (bits === undefined || bits === fullPage) {
      bits = bits?.slice() ?? new Uint8Array(pageSectors / 8);
      pages.set(page, bits);
    }
    return bits;
  }

  return {
    claim(first, count) {
      const free = eachPage(first, count, (page, from, to) => {
        const bits = pages.get(page);
        return bits === undefined || !anySet(bits, from, to);
      });
      if (!free) return false;
      return eachPage(first, count, (page, from, to) => {
        if (to - from === pageSectors) pages.set(page, fullPage);
        else setBits(writable(page), from, to, true);
        return true;
      });
    },
    release(first, count) {
      eachPage(first, count, (page, from, to) => {
        if (to - from === pageSectors) pages.delete(page);
        else setBits(writable(page), from, to, false);
        return true;
      });
    },
  };
}

function anySet(bits: Uint8Array, from: number, to: number): boolean {
  for (let bit = from; bit < to; ) {
    const whole = (bit & 7) === 0 && to - bit >= 8;
    const byte = bits[bit >>> 3] as number;
    if (whole ? byte !== 0 : (byte & (1 << (bit & 7))) !== 0) return true;
    bit += whole ? 8 : 1;
  }
  return false;
}

function setBits(bits: Uint8Array, from: number, to: number, value: boolean): void {
  for (let bit = from; bit < to; ) {
    const at = bit >>> 3;
    if ((bit & 7) === 0 && to - bit >= 8) {
      bits[at] = value ? 0xff : 0;
      bit += 8;
    } else {
      const mask = 1 << (bit & 7);
      bits[at] = value ? (bits[at] as number) | mask : (bits[at] as number) & ~mask;
      bit++;
    }
  }
}
