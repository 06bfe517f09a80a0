import type { LabelMap, RgbImage } from '@pffnet/structures';
import type { LabelReview } from './annotations/label-review.ts';
import type { Noted } from './files/notes.ts';

/** One image with the truth about its objects. Both have the same height and width. */
export interface Sample extends Noted {
  /** The image's file name without folder and extension. */
  readonly name: string;
  readonly image: RgbImage;
  readonly labels: LabelMap;
}

/** Samples that can be read one by one; nothing is kept in memory between two loads. */
export interface Dataset {
  /** In ascending order. */
  readonly names: readonly string[];
  /** The division that came with the download, a source for `readSplit`, such as BBBC039's lists. */
  readonly split?: string | undefined;
  /** The different numbers of bits per value of the image files, where they were looked into. */
  readonly storedBits?: readonly number[] | undefined;
  /** @throws DataError if the name is unknown or its files cannot be read. */
  load(name: string): Promise<Sample>;
  /**
   * Reads the labels of images without the images; absent where they come from no files.
   * @throws DataError if they cannot be read.
   */
  reviewLabels?(names: readonly string[]): Promise<LabelReview>;
}
