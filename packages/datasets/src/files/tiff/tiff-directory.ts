import type { ByteSource } from './byte-source.ts';

/** The tags of one image in a TIFF file; values are read when they are asked for. */
export interface TiffDirectory {
  /** All numbers of a tag; none if it is absent. */
  numbers(tag: number): readonly number[];
  /** The first number of a tag, or what stands for it when it is absent. */
  number<Absent>(tag: number, absent: Absent): number | Absent;
  text(tag: number): string | undefined;
}

/** The images of a TIFF file. */
export interface TiffDirectories {
  readonly littleEndian: boolean;
  /** Those of the main chain, in its order. */
  readonly chain: readonly TiffDirectory[];
  /** Those that an image names as its parts (SubIFDs). */
  partsOf(directory: TiffDirectory): readonly TiffDirectory[];
}

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

const subDirectories = 330;
/** Bytes of a value by its type's number; 0 where there is no such type. */
const widths = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** More entries or images than any program writes. */
const mostEntries = 4096;
const mostImages = 65_536;

/** Whether bytes begin as a TIFF file does, BigTIFF included. */
export function isTiff(start: Uint8Array): boolean {
  const [a, b, c, d] = start;
  return (a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43)); // prettier-ignore
}

/**
 * Reads the tags of every image of a TIFF or BigTIFF file. Damaged tables are safe to read: no more memory is allocated
 * than the file has bytes, and a chain of images that returns to an earlier one ends there.
 * @throws Error if the file breaks off or its tables point out of it.
 * @remarks Source: TIFF revision 6.0, section 2; BigTIFF design of libtiff; Adobe TIFF Technical Note 1 (SubIFDs).
 */
export function readDirectories(source: ByteSource): TiffDirectories {
  const head = source.read(0, 8);
  const littleEndian = head[0] === 0x49;
  const big = (littleEndian ? head[2] : head[3]) === 43;
  const reader = new DirectoryReader(source, littleEndian, big);
  const chain: TiffDirectory[] = [];
  const seen = new Set<number>();
  let at = big ? reader.unsigned(8, 8) : reader.unsigned(4, 4);
  while (at !== 0 && !seen.has(at) && chain.length < mostImages) {
    seen.add(at);
    const { directory, next } = reader.directory(at);
    chain.push(directory);
    at = next;
  }
  if (chain.length === 0) throw new Error('it holds no image');
  return {
    littleEndian,
    chain,
    partsOf: (directory) => directory.numbers(subDirectories).map((address) => reader.directory(address).directory),
  };
}

class DirectoryReader {
  readonly #source: ByteSource;
  readonly #littleEndian: boolean;
  readonly #big: boolean;

  constructor(source: ByteSource, littleEndian: boolean, big: boolean) {
    this.#source = source;
    this.#littleEndian = littleEndian;
    this.#big = big;
  }

  unsigned(at: number, width: number): number {
    return this.#numbersIn(this.#source.read(at, width), width === 2 ? 3 : width === 4 ? 4 : 16)[0];
  }

  directory(at: number): { directory: TiffDirectory; next: number } {
    const [countWidth, addressWidth] = this.#big ? [8, 8] : [2, 4];
    const entryWidth = 4 + 2 * addressWidth;
    const count = this.unsigned(at, countWidth);
    if (count > mostEntries) throw new Error(`it has an image with ${count} tags`);
    const entries = new Map<number, Entry>();
    for (let index = 0; index < count; index++) {
      const entryAt = at + countWidth + index * entryWidth;
      const type = this.unsigned(entryAt + 2, 2);
      const length = this.unsigned(entryAt + 4, addressWidth);
      const valueAt = entryAt + 4 + addressWidth;
      const inPlace = length * (widths[type] ?? 0) <= addressWidth;
      entries.set(this.unsigned(entryAt, 2), {
        type,
        count: length,
        at: inPlace ? valueAt : this.unsigned(valueAt, addressWidth),
      });
    }
    return { directory: this.#opened(entries), next: this.#next(at + countWidth + count * entryWidth, addressWidth) };
  }

  /** Some writers leave the address of the next image away at the end of the file. */
  #next(at: number, width: number): number {
    return at + width > this.#source.size ? 0 : this.unsigned(at, width);
  }

  #opened(entries: ReadonlyMap<number, Entry>): TiffDirectory {
    const bytesOf = (entry: Entry): Buffer => this.#source.read(entry.at, entry.count * (widths[entry.type] ?? 0));
    const numbers = (tag: number): readonly number[] => {
      const entry = entries.get(tag);
      return entry === undefined ? [] : this.#numbersIn(bytesOf(entry), entry.type);
    };
    return {
      numbers,
      number: (tag, absent) => numbers(tag).at(0) ?? absent,
      text: (tag) => {
        const entry = entries.get(tag);
        return entry === undefined ? undefined : bytesOf(entry).toString('utf8').replace(/\0+$/, '');
      },
    };
  }

  #numbersIn(bytes: Buffer, type: number): number[] {
    const width = widths[type] ?? 0;
    if (width === 0) return [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = this.#littleEndian;
    return Array.from({ length: Math.floor(bytes.length / width) }, (_, index) => {
      const at = index * width;
      switch (type) {
        case 1:
        case 2:
        case 7:
          return view.getUint8(at);
        case 3:
          return view.getUint16(at, little);
        case 4:
        case 13:
          return view.getUint32(at, little);
        case 5:
          return view.getUint32(at, little) / view.getUint32(at + 4, little);
        case 6:
          return view.getInt8(at);
        case 8:
          return view.getInt16(at, little);
        case 9:
          return view.getInt32(at, little);
        case 10:
          return view.getInt32(at, little) / view.getInt32(at + 4, little);
        case 11:
          return view.getFloat32(at, little);
        case 12:
          return view.getFloat64(at, little);
        case 17:
          return Number(view.getBigInt64(at, little));
        default:
          return Number(view.getBigUint64(at, little));
      }
    });
  }
}
