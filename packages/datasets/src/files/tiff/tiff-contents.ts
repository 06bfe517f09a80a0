import { DataError } from '@pffnet/structures';
import type { ByteSource } from './byte-source.ts';
import { type PlaneAxes, readPlaneAxes } from './plane-axes.ts';
import { readDirectories, type TiffDirectories, type TiffDirectory } from './tiff-directory.ts';
import { readLayout, type TiffLayout } from './tiff-layout.ts';

/** One grey plane of a file. */
export interface TiffChannel {
  /** Where the file names it. */
  readonly name: string | undefined;
  readonly layout: TiffLayout;
  /** Which sample of each pixel. */
  readonly sample: number;
}

/** The one image that a TIFF file holds. */
export interface TiffContents {
  readonly littleEndian: boolean;
  /** Of the image, or of its first channel. */
  readonly layout: TiffLayout;
  /** Number in the file's chain of images, by which sharp knows it. */
  readonly page: number;
  /** `several` are channels of which none is known to be meant. */
  readonly kind: 'grey' | 'colours' | 'several';
  readonly alpha: boolean;
  /** What can be chosen, alpha left out. */
  readonly channels: readonly TiffChannel[];
}

interface Page {
  readonly number: number;
  readonly directory: TiffDirectory;
}

/**
 * Finds the image in a TIFF file: levels of lower resolution and masks of transparency do not count as images, and pages
 * are the channels of one image where the description says so (ImageJ, OME, tifffile).
 * @throws DataError if the file holds several images; Error if it breaks off.
 * @remarks Source: TIFF revision 6.0, NewSubfileType; Adobe TIFF Technical Note 1.
 */
export function readContents(source: ByteSource, path: string): TiffContents {
  const directories = readDirectories(source);
  const pages = imagesOf(directories);
  const [{ number, directory }] = pages;
  const layout = readLayout(directory);
  const axes = readPlaneAxes(directory.text(imageDescription));
  const { littleEndian } = directories;
  const planes = planesOf(pages, layout, axes, path);
  if (planes.length > 1) {
    const channels = planes.map((plane, index) => ({ name: axes?.names[index], layout: plane, sample: 0 }));
    return { littleEndian, layout, page: number, kind: 'several', alpha: false, channels };
  }
  return { littleEndian, layout, page: number, ...channelsOf(layout, axes) };
}

const imageDescription = 270;
const newSubfileType = 254;
const oldSubfileType = 255;

function imagesOf(directories: TiffDirectories): readonly [Page, ...Page[]] {
  const all = directories.chain.map((directory, number) => ({ number, directory }));
  const [first, ...others] = all.filter(({ directory }) => isWholeImage(directory));
  if (first !== undefined) return [first, ...others];
  // A camera's file: a small picture first, the whole one among its parts.
  const [{ directory }] = all;
  const part = directories.partsOf(directory).find(isWholeImage);
  return [{ number: 0, directory: part ?? directory }];
}

/** Neither a level of lower resolution nor a mask of another image. */
function isWholeImage(directory: TiffDirectory): boolean {
  const [reducedBit, maskBit] = [1, 4];
  return (
    (directory.number(newSubfileType, 0) & (reducedBit | maskBit)) === 0 && directory.number(oldSubfileType, 1) !== 2
  );
}

/** The pages that are channels of one image; the first alone where there is one. */
function planesOf(
  pages: readonly Page[],
  layout: TiffLayout,
  axes: PlaneAxes | undefined,
  path: string,
): readonly TiffLayout[] {
  const behind = pages.length === 1 ? planesBehind(layout, axes) : [];
  const count = Math.max(pages.length, behind.length);
  if (count === 1) return [layout];
  if (axes?.channels === count && axes.perChannel === 1 && layout.samples === 1) {
    const planes = behind.length > 0 ? behind : pages.map(({ directory }) => readLayout(directory));
    const [{ height, width, samples }] = planes;
    if (planes.every((plane) => plane.height === height && plane.width === width && plane.samples === samples)) {
      return planes;
    }
  }
  const sorts = axes === undefined || axes.channels === 1 ? '' : ` (${axes.channels} channels of ${axes.perChannel})`;
  throw new DataError(
    `${path} holds ${count} images${sorts}; expected one; save the wanted image as a file of its own`,
  );
}

/** ImageJ writes large stacks as one image, behind which the others lie without tags of their own. */
function planesBehind(layout: TiffLayout, axes: PlaneAxes | undefined): readonly TiffLayout[] {
  const { compression, offsets, samples, bits, height, width } = layout;
  const count = axes === undefined ? 1 : axes.channels * axes.perChannel;
  if (count < 2 || count > 65_536 || samples !== 1 || compression.by !== 'none' || offsets.length !== 1) return [];
  const bytes = Math.ceil((width * bits) / 8) * height;
  return Array.from({ length: count }, (_, plane) => ({ ...layout, offsets: [offsets[0] + plane * bytes] }));
}

const colourNames = ['red', 'green', 'blue'];

/** What the samples of one image are. */
function channelsOf(
  layout: TiffLayout,
  axes: PlaneAxes | undefined,
): Pick<TiffContents, 'kind' | 'alpha' | 'channels'> {
  const { samples, photometric, extraSamples } = layout;
  const colours = photometric === 'rgb' ? 3 : photometric === 'converted' ? Math.min(samples, 3) : 1;
  if (samples < colours) throw new Error(`it has ${samples} of ${colours} colours`);
  const extra = samples - colours;
  // A fourth sample beside colours is alpha for every viewer where nothing is said of it.
  const alpha = extra === 1 && (isAlpha(extraSamples.at(0)) || (colours === 3 && extraSamples.length === 0));
  const names = axes?.names.length === samples ? axes.names : photometric === 'rgb' ? colourNames : [];
  const channels = Array.from({ length: alpha ? colours : samples }, (_, sample) => ({
    name: names.at(sample),
    layout,
    sample,
  }));
  const kind = extra > 0 && !alpha && photometric !== 'converted' ? 'several' : colours === 1 ? 'grey' : 'colours';
  return { kind, alpha, channels };
}

const isAlpha = (extraSample: number | undefined): boolean => extraSample === 1 || extraSample === 2;
