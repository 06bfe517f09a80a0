import { mapNames } from '@pffnet/families/map-names';

/** Endings of the pictures that `predict` writes beside the label map. */
export const pictureEndings: readonly string[] = ['overlay', ...mapNames];

/** Endings of all pictures that are found beside label maps; a tested run keeps the image and the truth too. */
export const picturesBeside: readonly string[] = [...pictureEndings, 'image', 'truth'];
