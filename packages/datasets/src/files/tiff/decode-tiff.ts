import { DataError } from '@pffnet/structures';
import sharp from 'sharp';
import { type ChannelChoice, chooseChannel, severalChannels } from '../choose-channel.ts';
import { decodeBySharp, sharpOptions } from '../decode-by-sharp.ts';
import { fullRangeOf, type HeaderFacts, type Pixels, type StoredNumbers } from '../pixels.ts';
import { UnreadKind } from '../unread-kind.ts';
import { type ByteSource, bytesInMemory } from './byte-source.ts';
import { readSamples } from './read-samples.ts';
import { readContents, type TiffChannel, type TiffContents } from './tiff-contents.ts';
import { type TiffLayout, unpackedBytes } from './tiff-layout.ts';
import type { Samples } from './samples.ts';

/** Images of up to 8192 x 8192 pixels are read whatever the size of their file. */
const pixelsAllowed = 2 ** 26;
/** Bytes of values likewise. */
const bytesAllowed = 2 ** 29;
/** The most pixels of any image, as for the formats that sharp reads. */
const mostPixels = 268_402_689;
/**
 * A larger image may have up to this many bytes per byte of its file, which Deflate and LZW reach on an image of one
 * colour.
 */
const expansionAllowed = 2000;

/**
 * Reads the image of a TIFF file as a viewer shows it: min-is-white inverted, colour tables looked up.
 * @param choice - the channel that is read as a grey image.
 * @throws DataError if it holds several images, or several channels of which none was chosen; Error if it is damaged or
 * of a kind that is not read.
 */
export async function decodeTiff(file: Buffer, path: string, choice?: ChannelChoice): Promise<Pixels> {
  const contents = readContents(bytesInMemory(file), path);
  const read = channelsRead(contents, path, choice);
  const { layout } = read[0];
  refuseEmptyPromises(layout, file.length, path);
  refuseUnknown(layout);
  const { height, width, bits, format, photometric, orientation, compression } = layout;
  const facts = {
    height,
    width,
    storedBits: bits,
    alpha: contents.alpha,
    palette: photometric === 'palette',
    lossy: compression.lossy,
    orientation,
  };
  const byViewer = await pictureBySharp(file, contents);
  if (byViewer !== undefined) {
    const sample = read.length === 1 && byViewer.channels === 3 ? read[0].sample : undefined;
    return { ...facts, ...(sample === undefined ? byViewer : oneOf(byViewer, sample)), storedBits: bits };
  }
  const data = await readSamples(file, layout, contents.littleEndian, read.map(({ sample }) => sample)); // prettier-ignore
  if (photometric === 'palette') return { ...facts, channels: 3, data: colours(data, layout), fullRange: 255 };
  const fullRange = fullRangeOf(format, bits);
  const shown = photometric === 'min-is-white' ? inverted(data, layout) : data;
  return { ...facts, channels: read.length === 3 ? 3 : 1, data: shown, fullRange };
}

/**
 * Reads the image of a TIFF file as the numbers that are stored, all channels of it.
 * @throws as {@link decodeTiff} does, but for several channels.
 */
export async function decodeStoredTiff(file: Buffer, path: string): Promise<StoredNumbers> {
  const contents = readContents(bytesInMemory(file), path);
  const { channels, layout, littleEndian } = contents;
  refuseEmptyPromises(layout, file.length / channels.length, path);
  refuseUnknown(layout);
  const { height, width, bits, format, photometric, compression, orientation } = layout;
  if (compression.lossy && compression.by === 'unknown') {
    throw new DataError(
      `${path} is compressed with ${compression.name}, which may change ids and is not read here; expected stored numbers; export it again without loss, with Deflate`,
    );
  }
  const facts = {
    height,
    width,
    names: channels.map(({ name }) => name),
    storedBits: bits,
    palette: photometric === 'palette' ? tableOf(layout) : undefined,
    lossy: compression.lossy ? compression.name : undefined,
    orientation,
  };
  const byViewer = await pictureBySharp(file, contents);
  if (byViewer !== undefined) {
    return { ...facts, channels: byViewer.channels, data: byViewer.data, fullRange: byViewer.fullRange };
  }
  const data = await storedSamples(file, channels, littleEndian);
  return { ...facts, channels: channels.length, data, fullRange: fullRangeOf(format, bits) };
}

/**
 * What the header of a TIFF file says.
 * @throws as {@link decodeTiff} does.
 */
export function readTiffHeader(source: ByteSource, path: string, choice?: ChannelChoice | 'any'): HeaderFacts {
  const contents = readContents(source, path);
  const { height, width, orientation, bits } = contents.layout;
  if (choice !== 'any') channelsRead(contents, path, choice);
  return { height, width, orientation, storedBits: bits };
}

/** The channels that make the picture: one grey, or three colours. */
function channelsRead(
  { kind, channels, layout }: TiffContents,
  path: string,
  choice: ChannelChoice | undefined,
): readonly TiffChannel[] {
  const names = channels.map(({ name }) => name);
  const allColours = layout.photometric === 'rgb' && String(choice).trim().toLowerCase() === 'rgb';
  if (choice !== undefined && !allColours) return [channels[chooseChannel(names, choice, path)]];
  if (kind === 'several' && !allColours) throw severalChannels(names, path);
  return kind === 'grey' ? channels.slice(0, 1) : channels.slice(0, 3);
}

function refuseEmptyPromises(layout: TiffLayout, fileBytes: number, path: string): void {
  const { height, width } = layout;
  const pixels = height * width;
  const bytes = unpackedBytes(layout);
  if (pixels > mostPixels) throw new Error('Input image exceeds pixel limit');
  if ((pixels <= pixelsAllowed && bytes <= bytesAllowed) || bytes <= expansionAllowed * fileBytes) return;
  throw new DataError(
    `${path} declares ${height} rows and ${width} columns but has ${fileBytes} bytes; expected a PNG, TIFF, JPEG or WebP image with all its pixels; replace the file`,
  );
}

function refuseUnknown({ photometric, photometricCode, colourTable, bits }: TiffLayout): void {
  if (photometric === 'unknown') {
    throw new UnreadKind(`has the photometric interpretation ${photometricCode}, which is not read here`, 'save it in grey or colour'); // prettier-ignore
  }
  if (photometric === 'palette' && (bits > 16 || colourTable.length < 3 * 2 ** bits)) {
    throw new Error(`its colour table has ${colourTable.length} of ${3 * 2 ** bits} values`);
  }
}

/** Pictures whose colours libtiff must calculate: JPEG, and colour spaces other than red, green, blue. */
async function pictureBySharp(
  file: Buffer,
  { layout, page, kind }: TiffContents,
): Promise<Pick<Pixels, 'data' | 'channels' | 'fullRange'> | undefined> {
  const { compression, photometric, bits } = layout;
  if (compression.by !== 'picture' && photometric !== 'converted') return undefined;
  if (compression.by === 'unknown') {
    throw new UnreadKind(`is compressed with ${compression.name}, which is not read here`, 'save it with Deflate');
  }
  if (kind === 'several' || (bits !== 8 && bits !== 16)) {
    throw new UnreadKind(
      `has ${layout.samples} samples of ${bits} bits with the photometric interpretation ${layout.photometricCode} and the compression ${compression.name}, which are not read together`,
      'save it in grey or red, green, blue with Deflate',
    ); // prettier-ignore
  }
  const metadata = await sharp(file, { ...sharpOptions, page }).metadata();
  const { data, channels, fullRange } = await decodeBySharp(file, metadata, page);
  return { data, channels, fullRange };
}

async function storedSamples(file: Buffer, channels: readonly TiffChannel[], littleEndian: boolean): Promise<Samples> {
  const [{ layout }] = channels;
  const inOneImage = channels.every((channel) => channel.layout === layout);
  if (inOneImage) return readSamples(file, layout, littleEndian, channels.map(({ sample }) => sample)); // prettier-ignore
  let all: Samples | undefined;
  for (const [index, channel] of channels.entries()) {
    const plane = await readSamples(file, channel.layout, littleEndian, [0]);
    all ??= new (plane.constructor as new (length: number) => Samples)(plane.length * channels.length);
    for (let pixel = 0; pixel < plane.length; pixel++) all[pixel * channels.length + index] = plane[pixel];
  }
  return all ?? new Uint8Array(0);
}

function oneOf(
  { data, fullRange }: Pick<Pixels, 'data' | 'fullRange'>,
  sample: number,
): Pick<Pixels, 'data' | 'channels' | 'fullRange'> {
  return { data: data.filter((_: number, index: number) => index % 3 === sample), channels: 1, fullRange };
}

/** Unsigned numbers count down from the greatest; those with a sign exchange their extremes. */
function inverted(data: Samples, { format, bits }: TiffLayout): Samples {
  const turned = data.slice();
  const top = fullRangeOf(format, bits) ?? (format === 'signed' ? -1 : 0);
  for (let at = 0; at < turned.length; at++) turned[at] = top - data[at];
  return turned;
}

/** Red, green and blue of every entry, 0..255. Tables hold 16 bits; some writers fill 8 of them alone. */
function tableOf({ colourTable }: TiffLayout): number[] {
  const entries = colourTable.length / 3;
  const narrow = colourTable.every((value) => value < 256);
  return Array.from({ length: entries * 3 }, (_, at) => {
    const value = colourTable[(at % 3) * entries + Math.floor(at / 3)];
    return narrow ? value : value >> 8;
  });
}

function colours(indices: Samples, layout: TiffLayout): Uint8Array {
  const table = tableOf(layout);
  const data = new Uint8Array(indices.length * 3);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    for (let colour = 0; colour < 3; colour++) data[pixel * 3 + colour] = table[indices[pixel] * 3 + colour];
  }
  return data;
}
