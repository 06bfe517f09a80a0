/** A stretch of memory, in bytes. */
interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Which parts of a buffer are free, and what is cut out of them. Neighbours that are free are one part. */
export class FreeRanges {
  readonly #bytes: number;
  /** In the order of memory. */
  readonly #ranges: Range[];

  /** @param bytes - of the buffer, all of which is free. */
  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#ranges = [{ offset: 0, length: bytes }];
  }

  /** Whether nothing is cut out. */
  get isWhole(): boolean {
    return this.#ranges.length === 1 && this.#ranges[0].length === this.#bytes;
  }

  /** @returns the length of the shortest part that holds so many bytes; Infinity where none does. */
  shortest(bytes: number): number {
    let shortest = Infinity;
    for (const { length } of this.#ranges) if (length >= bytes && length < shortest) shortest = length;
    return shortest;
  }

  /** Cuts the beginning off the shortest part that holds so many bytes, of which there must be one. @returns where it lies. */
  cut(bytes: number): number {
    const length = this.shortest(bytes);
    const at = this.#ranges.findIndex((range) => range.length === length);
    const { offset } = this.#ranges[at];
    if (length === bytes) this.#ranges.splice(at, 1);
    else this.#ranges[at] = { offset: offset + bytes, length: length - bytes };
    return offset;
  }

  /** Takes back what {@link cut} gave. */
  give(offset: number, bytes: number): void {
    const after = this.#ranges.findIndex((range) => range.offset > offset);
    const at = after === -1 ? this.#ranges.length : after;
    const before = at > 0 ? this.#ranges[at - 1] : undefined;
    const next = at < this.#ranges.length ? this.#ranges[at] : undefined;
    const joinsBefore = before !== undefined && before.offset + before.length === offset;
    const joinsNext = next !== undefined && offset + bytes === next.offset;
    const begin = joinsBefore ? before.offset : offset;
    const end = joinsNext ? next.offset + next.length : offset + bytes;
    const joined = { offset: begin, length: end - begin };
    this.#ranges.splice(at - Number(joinsBefore), Number(joinsBefore) + Number(joinsNext), joined);
  }
}
