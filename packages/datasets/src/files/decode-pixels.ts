import { open, readFile } from 'node:fs/promises';
import { DataError, type InputError } from '@pffnet/structures';
import { fromArrayBuffer } from 'geotiff';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { paletteIndices } from './palette-indices.ts';
import { readFailure } from './read-failure.ts';

/** The numbers of an image file, unscaled. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  /** 1 grey or 3 colours; an alpha channel is left out. */
  readonly channels: 1 | 3;
  /** [height * width * channels]. */
  readonly data:
    Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
  /** The greatest value that the file's number type can hold; null for floating point and signed numbers. */
  readonly fullRange: number | null;
  /** Bits per value in the file; less than 8 are widened to 8 by scaling: 1 in a 1-bit file arrives as 255. */
  readonly storedBits: number;
  /** The file has an alpha channel. */
  readonly alpha: boolean;
  /** Colours stand in a table of the file. */
  readonly palette: boolean;
  /** Compression that may change values. */
  readonly lossy: boolean;
}

// Values as stored: no conversion by colour profile. Warnings are tolerated, damage is not.
const sharpOptions: SharpOptions = { ignoreIcc: true, failOn: 'error' };

const expectation = 'expected a PNG, TIFF, JPEG or WebP image';

/** Pixels that any file may declare: 8192 x 8192. */
const pixelsAllowed = 2 ** 26;
/** Bytes that a larger image may have per byte of its file: what Deflate and LZW reach on a picture of one colour. */
const expansionAllowed = 2000;

/**
 * Reads an image file as it is. Orientation tags and colour profiles are not applied: label maps know neither.
 * The alpha channel is left out rather than blended over white: in the data sets that have one it is opaque, and where
 * it is not the stored colours are still what was photographed.
 *
 * The size that the header declares is checked before memory is taken for it: more than 2^26 pixels are read only from
 * a file that is not smaller than a 2,000th of them, and more than 268,402,689 pixels not at all.
 * @throws DataError if the file is missing, damaged, a stack of several images, declares more pixels than it can hold,
 * or has neither one nor three colours.
 */
export async function decodePixels(path: string): Promise<Pixels> {
  return decode(await readBytes(path), path);
}

/**
 * Reads the indices of a PNG with a colour table, which {@link decodePixels} replaces by the colours they stand for.
 * @returns one channel.
 * @throws DataError as {@link decodePixels} does.
 */
export async function decodePaletteIndices(path: string): Promise<Pixels> {
  return decode(paletteIndices(await readBytes(path)), path);
}

async function decode(bytes: Buffer, path: string): Promise<Pixels> {
  const metadata = await readMetadata(bytes, path);
  refuseEmptyPromises(metadata, bytes.length, path);
  if (metadata.depth !== 'uchar' && metadata.depth !== 'ushort' && metadata.format === 'tiff') {
    return decodeDeepTiff(bytes, path);
  }
  const grey = isGrey(metadata);
  const wide = metadata.depth === 'ushort';
  try {
    const { data, info } = await sharp(bytes, sharpOptions)
      .removeAlpha()
      // Without a 16-bit colour space the pipeline passes through 8 bits, without a grey one it makes three channels.
      .toColourspace(grey ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb')
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const channels = grey ? 1 : 3;
    if (info.channels !== channels) throw new Error(`it decoded to ${info.channels} channels`);
    return {
      height: info.height,
      width: info.width,
      channels,
      data: wide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : new Uint8Array(data),
      fullRange: wide ? 65535 : 255,
      storedBits: metadata.bitsPerSample ?? (wide ? 16 : 8),
      alpha: metadata.hasAlpha,
      palette: metadata.isPalette === true,
      lossy: metadata.format === 'jpeg' || metadata.format === 'webp',
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Height and width from a file's header.
 * @throws DataError as {@link decodePixels} does.
 */
export async function readSize(path: string): Promise<{ height: number; width: number }> {
  const { height, width } = await readMetadata(path, path);
  return { height, width };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readFailure(path, error, expectation);
  }
}

async function readMetadata(source: Buffer | string, path: string): Promise<Metadata> {
  let metadata: Metadata;
  try {
    metadata = await sharp(source, sharpOptions).metadata();
  } catch (error) {
    const start = typeof source === 'string' ? await startOf(source) : source;
    const known = /unsupported image format/.test((error as Error).message) ? kindByStart(start) : undefined;
    throw unreadable(path, known === undefined ? error : new Error(known, { cause: error }));
  }
  if ((metadata.pages ?? 1) > 1) {
    throw new DataError(
      `${path} holds ${metadata.pages} images; expected one; save the image that is meant as a file of its own`,
    );
  }
  const colours = metadata.channels - (metadata.hasAlpha ? 1 : 0);
  if (colours !== 1 && colours !== 3 && metadata.space !== 'cmyk') {
    throw new DataError(
      `${path} has ${metadata.channels} channels; expected one (grey) or three (red, green, blue), with or without alpha; save those that are meant`,
    );
  }
  return metadata;
}

/** @throws DataError with the system's reason, which sharp does not hand on. */
async function startOf(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8)).finally(() => file.close());
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw readFailure(path, error, expectation);
  }
}

const starts = [
  ['II*\0', 'it begins as a TIFF, but is damaged or breaks off'],
  ['MM\0*', 'it begins as a TIFF, but is damaged or breaks off'],
  ['\xff\xd8\xff', 'it begins as a JPEG, but is damaged or breaks off'],
  ['PK\x03\x04', 'it is a zip archive'],
] as const;

/** What a file that sharp knows no format for is, by its first bytes. */
const kindByStart = (start: Buffer): string | undefined =>
  starts.find(([bytes]) => start.subarray(0, bytes.length).toString('latin1') === bytes)?.[1];

function refuseEmptyPromises({ height, width, channels, depth }: Metadata, fileBytes: number, path: string): void {
  const pixels = height * width;
  const bytesPerValue = depth === 'uchar' || depth === 'char' ? 1 : depth === 'ushort' || depth === 'short' ? 2 : 4;
  if (pixels <= pixelsAllowed || pixels * channels * bytesPerValue <= expansionAllowed * fileBytes) return;
  throw new DataError(
    `${path} declares ${height} rows and ${width} columns but has ${fileBytes} bytes; ${expectation} whose pixels are in it; replace the file`,
  );
}

function isGrey({ channels, hasAlpha }: Metadata): boolean {
  return channels - (hasAlpha ? 1 : 0) === 1;
}

/** 32-bit and floating-point TIFF, which sharp would squeeze into 8 bits. */
async function decodeDeepTiff(bytes: Buffer, path: string): Promise<Pixels> {
  try {
    const copy = new Uint8Array(bytes);
    const image = await (await fromArrayBuffer(copy.buffer)).getImage();
    const samples = image.getSamplesPerPixel();
    const channels = samples < 3 ? 1 : 3;
    const storedBits = image.getBitsPerSample();
    // SampleFormat 1 is unsigned, 2 signed, 3 floating point.
    const unsigned = image.getSampleFormat() === 1;
    const raster = await image.readRasters({ interleave: true, samples: channels === 1 ? [0] : [0, 1, 2] });
    return {
      height: raster.height,
      width: raster.width,
      channels,
      data: raster as unknown as Pixels['data'],
      fullRange: unsigned ? 2 ** storedBits - 1 : null,
      storedBits,
      alpha: samples === 2 || samples === 4,
      palette: false,
      lossy: false,
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What sharp or geotiff says about damaged bytes, in one line. */
function unreadable(path: string, error: unknown): InputError {
  const { message } = error as Error;
  if (!/is empty$/.test(message)) return readFailure(path, error, expectation);
  return readFailure(path, new Error('it is empty', { cause: error }), expectation);
}
