import { type RgbPixels, ShapeError } from '@pffnet/structures';
import sharp, { type Sharp } from 'sharp';

/** An image as the bytes of an 8-bit PNG file; values are rounded and cut to 0..255. */
export function encodePng(image: RgbPixels): Promise<Uint8Array> {
  return eightBits(image).png().toBuffer();
}

/** An image as the bytes of a WebP file, a tenth of a PNG's, compressed with loss: for pages, not for measurements. */
export function encodeWebp(image: RgbPixels): Promise<Uint8Array> {
  return eightBits(image).webp({ quality: 88, smartSubsample: true }).toBuffer();
}

function eightBits({ height, width, data }: RgbPixels): Sharp {
  if (data.length === 0 || data.length !== height * width * 3) {
    throw new ShapeError(
      `image: expected ${height} x ${width} x 3 values and at least one pixel, got ${data.length} values`,
    );
  }
  return sharp(data instanceof Float32Array ? Uint8ClampedArray.from(data) : data, {
    raw: { width, height, channels: 3 },
  });
}
