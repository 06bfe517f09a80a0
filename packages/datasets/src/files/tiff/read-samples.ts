import { undoPredictor } from './undo-predictor.ts';
import { type StackedBlocks, unpackBlocks } from './unpack-blocks.ts';
import type { Samples } from './samples.ts';
import { unpackSamples } from './unpack-samples.ts';
import type { TiffLayout } from './tiff-layout.ts';

/**
 * Reads some samples of every pixel, as the numbers that are stored.
 * @param wanted - which, from 0, in the order in which they are given back.
 * @returns [height * width * wanted.length].
 * @throws Error if the file breaks off, is damaged or holds numbers of a kind that is not read.
 */
export async function readSamples(
  file: Buffer,
  layout: TiffLayout,
  littleEndian: boolean,
  wanted: readonly number[],
): Promise<Samples> {
  if (!layout.separatePlanes) {
    return picked(await readPlane(file, layout, littleEndian, 0), layout.samples, wanted);
  }
  const planes: Samples[] = [];
  for (const sample of wanted) planes.push(await readPlane(file, layout, littleEndian, sample));
  return planes.length === 1 ? planes[0] : interleaved(planes);
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

async function readPlane(file: Buffer, layout: TiffLayout, littleEndian: boolean, plane: number): Promise<Samples> {
  const { bits, predictor, blockWidth, compression } = layout;
  const blocks = await unpackBlocks(file, layout, plane);
  const samples = layout.separatePlanes ? 1 : layout.samples;
  // Numbers of 24 bits are put together with the greatest byte first, as other odd ones are.
  const swap = (bits === 24 ? littleEndian : littleEndian !== hostIsLittleEndian) && predictor !== 3;
  let { bytes } = blocks;
  // Changed in place below: never the file itself, and numbers begin where their kind may.
  const kept = compression.by === 'none' && layout.offsets.length === 1 && !layout.bitsReversed;
  if ((kept && (swap || predictor !== 1)) || bytes.byteOffset % 8 !== 0) bytes = new Uint8Array(bytes);
  if (swap) swapBytes(bytes, bits);
  undoPredictor(bytes, { predictor, bits, samples, bytesPerRow: blocks.bytesPerRow });
  const rows = { bytes, valuesPerRow: blockWidth * samples, bytesPerRow: blocks.bytesPerRow };
  const values = unpackSamples(rows, layout);
  return layout.tiled ? untiled(values, blocks, layout, samples) : values;
}

function swapBytes(bytes: Uint8Array, bits: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length - (bytes.length % Math.max(1, bits / 8)));
  if (bits === 16) buffer.swap16();
  else if (bits === 24) swap24(buffer);
  else if (bits === 32) buffer.swap32();
  else if (bits === 64) buffer.swap64();
}

function swap24(bytes: Uint8Array): void {
  for (let at = 0; at + 2 < bytes.length; at += 3) [bytes[at], bytes[at + 2]] = [bytes[at + 2], bytes[at]];
}

/** Tiles one below the other as the picture that they make. */
function untiled(values: Samples, { rows }: StackedBlocks, layout: TiffLayout, samples: number): Samples {
  const { height, width, blockHeight, blockWidth } = layout;
  const picture = new (values.constructor as new (length: number) => Samples)(height * width * samples);
  const across = Math.ceil(width / blockWidth);
  for (let tile = 0; tile < rows.length; tile++) {
    const [top, left] = [Math.floor(tile / across) * blockHeight, (tile % across) * blockWidth];
    const columns = Math.min(blockWidth, width - left);
    for (let row = 0; row < Math.min(blockHeight, height - top); row++) {
      const from = (tile * blockHeight + row) * blockWidth * samples;
      picture.set(values.subarray(from, from + columns * samples), ((top + row) * width + left) * samples);
    }
  }
  return picture;
}

function picked(values: Samples, samples: number, wanted: readonly number[]): Samples {
  if (wanted.length === samples && wanted.every((sample, index) => sample === index)) return values;
  const pixels = values.length / samples;
  const chosen = new (values.constructor as new (length: number) => Samples)(pixels * wanted.length);
  for (let pixel = 0, to = 0; pixel < pixels; pixel++) {
    for (const sample of wanted) chosen[to++] = values[pixel * samples + sample];
  }
  return chosen;
}

function interleaved(planes: readonly Samples[]): Samples {
  const [first] = planes;
  const values = new (first.constructor as new (length: number) => Samples)(first.length * planes.length);
  for (const [sample, plane] of planes.entries()) {
    for (let pixel = 0; pixel < plane.length; pixel++) values[pixel * planes.length + sample] = plane[pixel];
  }
  return values;
}
