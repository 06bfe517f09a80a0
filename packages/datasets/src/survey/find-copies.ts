import type { ImageSurvey } from './survey-image.ts';
import { resemblance } from './likeness.ts';

/** Different images of the examined data sets resemble each other by at most 0.56, changed copies by 0.97 and more. */
const ALIKE = 0.9;

/** Two images of a data set that show the same. */
export interface Copy {
  readonly first: string;
  readonly second: string;
  /** Equal pixels, or a copy that was turned, mirrored, scaled, brightened or compressed. */
  readonly kind: 'same' | 'alike';
}

/** Finds every pair of images that show the same. */
export function findCopies(images: readonly ImageSurvey[]): Copy[] {
  const copies: Copy[] = [];
  images.forEach((second, index) => {
    for (const first of images.slice(0, index)) {
      const same = first.likeness.hash === second.likeness.hash;
      if (!same && !(resemblance(first.likeness, second.likeness) >= ALIKE)) continue;
      copies.push({ first: first.name, second: second.name, kind: same ? 'same' : 'alike' });
    }
  });
  return copies;
}
