import { dropSmallObjects } from '@pffnet/postprocess';
import { labelComponents, type LabelMap } from '@pffnet/structures';

/**
 * Objects are connected regions of one colour, corners included.
 * @param colours - [height * width] of every pixel; 0 is background.
 * @param minArea - regions of fewer pixels are none.
 */
export const colourObjects = (
  colours: { readonly height: number; readonly width: number; readonly data: Uint8Array },
  minArea: number,
): LabelMap => dropSmallObjects(labelComponents(colours, 8), minArea);
