import { InputError, type Listener, nobody } from '@pffnet/structures';
import type { ReadImageOptions } from '../files/read-image.ts';
import type { DatasetListing } from '../list-dataset.ts';
import type { DatasetSurvey } from './find-problems.ts';
import { type ImageSurvey, surveyImage } from './survey-image.ts';

/**
 * Reads every image of a data set and its labels. One that cannot be read is noted with its reason, so that one pass finds
 * everything that is wrong.
 * @param options - the channel to read, where files have several.
 * @param listener - is told the progress.
 */
export async function surveyDataset(
  { images: listed }: DatasetListing,
  { channel }: Pick<ReadImageOptions, 'channel'> = {},
  listener: Listener = nobody,
): Promise<Omit<DatasetSurvey, 'split'>> {
  const images: ImageSurvey[] = [];
  const unreadable: { name: string; reason: string }[] = [];
  await listener.follow('checking', listed.length, async (progress) => {
    for (const labelled of listed) {
      try {
        images.push(await surveyImage(labelled, { channel }));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        unreadable.push({ name: labelled.name, reason: error.message });
      }
      progress.update(images.length + unreadable.length, images.length === 1 ? '1 image' : `${images.length} images`);
    }
  });
  return { images, unreadable };
}
