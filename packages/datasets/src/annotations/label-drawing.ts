import { DataError, type LabelMap, type Size } from '@pffnet/structures';
import type { AnnotatedLabels, LossReason } from './annotated-labels.ts';

/** Which object gets a pixel that several cover: the first or the last drawn. */
export type OnTop = 'first' | 'last';

/**
 * A label map into which the objects of an annotation are drawn one after the other, ids 1, 2, …, and an account of
 * those that leave no pixel in it.
 */
export class LabelDrawing {
  readonly labels: LabelMap;
  readonly #keepsFirst: boolean;
  /** Per id: `drawn`, or what is known of why the object is not; `none` where the id names no object. */
  readonly #fates: (LossReason | 'drawn' | 'none')[] = [];
  /** Indices of objects that have pieces of fewer than three points. */
  readonly #withStrays: number[] = [];

  constructor({ height, width }: Size, onTop: OnTop) {
    this.labels = { height, width, data: new Uint32Array(height * width) };
    this.#keepsFirst = onTop === 'first';
  }

  /** Begins the next object. @param fate - why it will have no pixel, unless it is drawn. @returns its id. */
  begin(fate: LossReason = 'thin'): number {
    return this.#fates.push(fate);
  }

  /** Skips an id: it names no object. */
  skip(): void {
    this.#fates.push('none');
  }

  /** Draws pixels of the object begun last: `from`, `from + step`, … as places in the map's data. */
  run(from: number, count: number, step: number): void {
    const { data } = this.labels;
    const id = this.#fates.length;
    if (count > 0) this.#fates[id - 1] = 'drawn';
    const end = from + count * step;
    if (this.#keepsFirst) {
      for (let at = from; at < end; at += step) if (data[at] === 0) data[at] = id;
    } else if (step === 1) {
      data.fill(id, from, end);
    } else {
      for (let at = from; at < end; at += step) data[at] = id;
    }
  }

  /** Draws pixels that follow each other down the columns, `start` counted in that order. */
  columnRun(start: number, count: number): void {
    const { height, width } = this.labels;
    for (let place = start, end = start + count; place < end;) {
      const y = place % height;
      const length = Math.min(end - place, height - y);
      this.run(y * width + (place - y) / height, length, width);
      place += length;
    }
  }

  /** Notes that a piece of the object begun last has fewer than three points and was ignored. */
  stray(): void {
    const index = this.#fates.length - 1;
    if (this.#withStrays.at(-1) !== index) this.#withStrays.push(index);
  }

  /** Takes pixels away from whatever object has them. */
  erase(from: number, count: number): void {
    const { data } = this.labels;
    for (let at = from; at < from + count; at++) {
      if (data[at] === 0) continue;
      this.#fates[data[at] - 1] = 'erased';
      data[at] = 0;
    }
  }

  /**
   * Gives the map and the account.
   * @param nameOf - what the annotation calls its object of this index, from 0.
   * @param where - the annotation, for messages.
   * @throws DataError if all objects lie outside the image.
   */
  finish(nameOf: (index: number) => string, where: string): AnnotatedLabels {
    const { height, width, data } = this.labels;
    const present = new Uint8Array(this.#fates.length + 1);
    for (let at = 0; at < data.length; at++) present[data[at]] = 1;
    const lost = [];
    let [named, outside] = [0, 0];
    for (const [index, fate] of this.#fates.entries()) {
      if (fate === 'none') continue;
      named++;
      if (present[index + 1] === 1) continue;
      if (fate === 'outside') outside++;
      lost.push({ name: nameOf(index), reason: fate === 'drawn' ? 'covered' : fate });
    }
    if (outside > 0 && outside === named) {
      throw new DataError(
        `${where}: ${named === 1 ? 'its only object lies' : `all ${named} objects lie`} outside the image of ${height} rows and ${width} columns; expected outlines in pixels of that image; take the image that was annotated, at the same scale`,
      );
    }
    const strayPieces = this.#withStrays.filter((index) => present[index + 1] === 1).map(nameOf);
    return { labels: this.labels, account: { named, lost, strayPieces } };
  }
}
