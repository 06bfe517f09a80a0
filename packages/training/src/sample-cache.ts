import type { Sample } from '@pffnet/datasets';

/** Samples by name, read when first asked for. When they outgrow the memory, the one unused for longest goes first. */
export class SampleCache {
  readonly #read: (name: string) => Promise<Sample>;
  readonly #bytes: number;
  /** In order of last use. */
  readonly #samples = new Map<string, Sample>();
  #held = 0;

  /**
   * @param read - reads a sample that is not held.
   * @param bytes - pixels and labels that are held at most; the sample that was asked for last is held whatever its size.
   */
  constructor(read: (name: string) => Promise<Sample>, bytes: number) {
    this.#read = read;
    this.#bytes = bytes;
  }

  /** @throws whatever reading throws; nothing is held then. */
  async get(name: string): Promise<Sample> {
    const held = this.#samples.get(name);
    const sample = held ?? (await this.#read(name));
    this.#drop(name);
    this.#samples.set(name, sample);
    this.#held += bytesOf(sample);
    for (const oldest of this.#samples.keys()) {
      if (this.#held <= this.#bytes || oldest === name) break;
      this.#drop(oldest);
    }
    return sample;
  }

  #drop(name: string): void {
    const sample = this.#samples.get(name);
    if (sample === undefined) return;
    this.#samples.delete(name);
    this.#held -= bytesOf(sample);
  }
}

const bytesOf = ({ image, labels }: Sample): number => image.data.byteLength + labels.data.byteLength;
