import type { AnnotationAccount } from '../annotations/annotated-labels.ts';
import { decodePixels } from '../files/decode-pixels.ts';
import { imageOfPixels, type ReadImageOptions } from '../files/read-image.ts';
import { type Noted, noted } from '../files/notes.ts';
import { checkSizes, type LabelledImage } from '../layouts/layout.ts';
import { describeObjects, type ObjectFacts } from './describe-objects.ts';
import { describePixels, type PixelFacts } from './describe-pixels.ts';
import { type Likeness, likenessOf } from './likeness.ts';

/** What is known of one image and its labels. */
export interface ImageSurvey extends Noted {
  readonly name: string;
  readonly pixels: PixelFacts;
  /** In ascending order of their ids. */
  readonly objects: readonly ObjectFacts[];
  /** What became of the objects that an annotation names; absent for label maps. */
  readonly account?: AnnotationAccount | undefined;
  readonly likeness: Likeness;
}

/**
 * Reads an image and its labels and describes both; the pixels are not kept.
 * @param options - the channel to read, where files have several.
 * @throws DataError if either cannot be read, or their sizes differ.
 */
export async function surveyImage(
  labelled: LabelledImage,
  { channel }: Pick<ReadImageOptions, 'channel'> = {},
): Promise<ImageSurvey> {
  const pixels = await decodePixels(labelled.image, channel);
  const { labels, account } = await labelled.readLabels({ height: pixels.height, width: pixels.width });
  checkSizes(labelled, pixels, labels);
  // Orientations are told once for all images.
  const image = imageOfPixels({ ...pixels, orientation: 1 }, labelled.image, {});
  return {
    name: labelled.name,
    pixels: describePixels(pixels),
    objects: describeObjects(labels),
    account,
    likeness: likenessOf(image),
    ...noted(image.notes, labels.notes),
  };
}
