import sharp, { type Metadata, type SharpOptions } from 'sharp';
import type { Pixels } from './pixels.ts';

/** Values as stored: no conversion by colour profile. Warnings are tolerated, damage is not. */
export const sharpOptions: SharpOptions = { ignoreIcc: true, failOn: 'error' };

/**
 * Reads an image of up to 16 bits through sharp.
 * @param metadata - of that image.
 * @param page - which image of the file.
 * @returns grey or red, green, blue, without alpha; values of less than 8 bits as they are stored.
 * @throws Error if it is damaged.
 */
export async function decodeBySharp(
  bytes: Buffer,
  metadata: Metadata,
  page = 0,
): Promise<Pick<Pixels, 'height' | 'width' | 'channels' | 'data' | 'fullRange'>> {
  const grey = metadata.channels - (metadata.hasAlpha ? 1 : 0) === 1;
  const wide = metadata.depth === 'ushort';
  const { data, info } = await sharp(bytes, { ...sharpOptions, page })
    .removeAlpha()
    // Without a 16-bit colour space the pipeline passes through 8 bits, without a grey one it makes three channels.
    .toColourspace(grey ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb')
    .raw({ depth: wide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const channels = grey ? 1 : 3;
  if (info.channels !== channels) throw new Error(`it decoded to ${info.channels} channels`);
  const { height, width } = info;
  if (wide) {
    return { height, width, channels, data: new Uint16Array(data.buffer, data.byteOffset, data.length / 2), fullRange: 65_535 }; // prettier-ignore
  }
  const bits = metadata.isPalette ? 8 : (metadata.bitsPerSample ?? 8);
  // A grey file of 1, 2 or 4 bits is widened to 8 bits by a factor.
  const fullRange = bits < 8 ? 2 ** bits - 1 : 255;
  const values = new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (bits < 8) for (let at = 0; at < values.length; at++) values[at] /= 255 / fullRange;
  return { height, width, channels, data: values, fullRange };
}
