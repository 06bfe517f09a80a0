import { open, readFile } from 'node:fs/promises';
import { DataError, type InputError } from '@pffnet/structures';
import sharp, { type Metadata } from 'sharp';
import { type ChannelChoice, chooseChannel } from './choose-channel.ts';
import { decodeBySharp, sharpOptions } from './decode-by-sharp.ts';
import { paletteColours, paletteIndices } from './palette-indices.ts';
import type { HeaderFacts, Pixels, StoredNumbers } from './pixels.ts';
import { readFailure } from './read-failure.ts';
import { withBytesOnDisk } from './tiff/byte-source.ts';
import { decodeStoredTiff, decodeTiff, readTiffHeader } from './tiff/decode-tiff.ts';
import { isTiff } from './tiff/tiff-directory.ts';
import { UnreadKind } from './unread-kind.ts';

const expectation = 'expected a PNG, TIFF, JPEG or WebP image';

/** Images of up to 8192 x 8192 pixels are read whatever the size of their file. */
const pixelsAllowed = 2 ** 26;
/**
 * A larger image may have up to this many bytes per byte of its file, which Deflate and LZW reach on an image of one
 * colour.
 */
const expansionAllowed = 2000;

/**
 * Reads an image file as a viewer shows it, but unscaled. Orientation tags and colour profiles are not applied: label
 * maps know neither. The alpha channel is left out rather than blended over white: in the data sets that have one it is
 * opaque, and where it is not the stored colours are still what was photographed.
 *
 * The size in the header is checked before memory is allocated: above 2^26 pixels the file must have at least one byte
 * per 2,000 bytes of pixels, and images of more than 268,402,689 pixels are refused.
 * @param channel - the channel that is read as a grey image; without it, files of several grey channels are refused.
 * @throws DataError if the file is missing, damaged, a stack of several images, declares more pixels than it can hold,
 * or has neither one channel nor three colours.
 */
export async function decodePixels(path: string, channel?: ChannelChoice): Promise<Pixels> {
  const bytes = await readBytes(path);
  try {
    return isTiff(bytes) ? await decodeTiff(bytes, path, channel) : await decodeOther(bytes, path, channel);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Reads the numbers of an image file as they are stored, for label maps: the indices of a colour table, and values of
 * min-is-white files that are not inverted.
 * @throws DataError as {@link decodePixels} does; several channels are all read.
 */
export async function decodeStored(path: string): Promise<StoredNumbers> {
  const bytes = await readBytes(path);
  try {
    return isTiff(bytes) ? await decodeStoredTiff(bytes, path) : await decodeStoredOther(bytes, path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * What an image file's header says.
 * @param channel - as {@link decodePixels} takes it; `any` for label maps, of which all channels are read.
 * @throws DataError as {@link decodePixels} does.
 */
export async function readHeader(path: string, channel?: ChannelChoice | 'any'): Promise<HeaderFacts> {
  const start = await startOf(path);
  try {
    if (isTiff(start)) return withBytesOnDisk(path, (source) => readTiffHeader(source, path, channel));
    const { height, width, orientation, bitsPerSample, depth } = await readMetadata(path, path);
    return { height, width, orientation: orientation ?? 1, storedBits: bitsPerSample ?? (depth === 'ushort' ? 16 : 8) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function decodeOther(bytes: Buffer, path: string, choice: ChannelChoice | undefined): Promise<Pixels> {
  const metadata = await readMetadata(bytes, path);
  refuseEmptyPromises(metadata, bytes.length, path);
  const decoded = await decodeBySharp(bytes, metadata);
  return {
    ...decoded,
    ...chosen(decoded, path, choice),
    storedBits: metadata.bitsPerSample ?? (metadata.depth === 'ushort' ? 16 : 8),
    alpha: metadata.hasAlpha,
    palette: metadata.isPalette,
    lossy: lossOf(bytes, metadata) !== undefined,
    orientation: metadata.orientation ?? 1,
  };
}

async function decodeStoredOther(bytes: Buffer, path: string): Promise<StoredNumbers> {
  const metadata = await readMetadata(bytes, path);
  refuseEmptyPromises(metadata, bytes.length, path);
  const palette = metadata.isPalette && metadata.format === 'png' ? paletteColours(bytes) : undefined;
  const grey = palette === undefined ? bytes : paletteIndices(bytes);
  const decoded = await decodeBySharp(grey, palette === undefined ? metadata : await readMetadata(grey, path));
  return {
    ...decoded,
    names: decoded.channels === 3 ? colourNames : [undefined],
    storedBits: metadata.bitsPerSample ?? (metadata.depth === 'ushort' ? 16 : 8),
    palette,
    lossy: lossOf(bytes, metadata),
    orientation: metadata.orientation ?? 1,
  };
}

const colourNames = ['red', 'green', 'blue'];

function chosen(
  { channels, data }: Pick<Pixels, 'channels' | 'data'>,
  path: string,
  choice: ChannelChoice | undefined,
): Pick<Pixels, 'channels' | 'data'> {
  if (choice === undefined) return { channels, data };
  if (channels === 3 && String(choice).trim().toLowerCase() === 'rgb') return { channels, data };
  const index = chooseChannel(channels === 3 ? colourNames : [undefined], choice, path);
  if (channels === 1) return { channels, data };
  return { channels: 1, data: data.filter((_: number, at: number) => at % channels === index) };
}

/** The name of a compression that may have changed values. */
function lossOf(bytes: Buffer, { format }: Metadata): string | undefined {
  switch (format) {
    case 'png':
    case 'gif':
      return undefined;
    case 'jpeg':
      return 'JPEG';
    case 'webp':
      // The chunk of the picture is VP8L without loss, VP8 with it; those before it are short, but for colour profiles.
      return bytes.includes('VP8L', 12, 'latin1') && !bytes.includes('VP8 ', 12, 'latin1') ? undefined : 'WebP';
    default:
      return String(format).toUpperCase();
  }
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
      `${path} holds ${metadata.pages} images; expected one; save the wanted image as a file of its own`,
    );
  }
  const colours = metadata.channels - (metadata.hasAlpha ? 1 : 0);
  if (colours !== 1 && colours !== 3 && metadata.space !== 'cmyk') {
    throw new DataError(
      `${path} has ${metadata.channels} channels; expected one (grey) or three (red, green, blue), with or without alpha; save those alone`,
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
    `${path} declares ${height} rows and ${width} columns but has ${fileBytes} bytes; ${expectation} with all its pixels; replace the file`,
  );
}

/** What sharp, zlib or our own reader says about damaged bytes, in one line. */
function unreadable(path: string, error: unknown): InputError {
  if (error instanceof UnreadKind) {
    return new DataError(`${path} ${error.message}; ${expectation}; ${error.mend}`, { cause: error });
  }
  const { message } = error as Error;
  if (!/is empty$/.test(message)) return readFailure(path, error, expectation);
  return readFailure(path, new Error('it is empty', { cause: error }), expectation);
}
