import type { Split } from '../splits/read-split.ts';
import { type Distribution, distribution } from './distribution.ts';
import { type DatasetSurvey, SPECK } from './find-problems.ts';
import type { ImageSurvey } from './survey-image.ts';

/** One image in numbers. */
export interface ImageRow {
  readonly name: string;
  /** Its part of the split, or null. */
  readonly part: string | null;
  readonly height: number;
  readonly width: number;
  readonly bits: number;
  readonly kind: ImageSurvey['pixels']['kind'];
  /** Least and greatest value as stored, over all channels. */
  readonly least: number;
  readonly greatest: number;
  readonly objects: number;
  readonly touching: number;
  readonly inPieces: number;
  readonly cut: number;
  readonly specks: number;
  readonly greatestId: number;
}

/** A data set in numbers. */
export interface SurveySummary {
  readonly imageCount: number;
  readonly objectCount: number;
  /** Objects with another one beside them, in more than one piece, at the image's edge, below ten pixels. */
  readonly touching: number;
  readonly inPieces: number;
  readonly cut: number;
  readonly specks: number;
  /** Distributions; null where there is nothing to distribute. */
  readonly objectsPerImage: Distribution | null;
  /** Pixels. */
  readonly area: Distribution | null;
  readonly boxHeight: Distribution | null;
  readonly boxWidth: Distribution | null;
  /** Square root of the box's area, pixels: what anchor sizes are compared with. */
  readonly boxSize: Distribution | null;
  /** Images and objects per part of the split. */
  readonly parts: readonly { readonly part: string; readonly images: number; readonly objects: number }[];
  readonly images: readonly ImageRow[];
}

/** Puts a survey into numbers. */
export function summariseSurvey({ images, split }: DatasetSurvey): SurveySummary {
  const rows = images.map((image) => imageRow(image, split));
  const total = (key: 'touching' | 'inPieces' | 'cut' | 'specks' | 'objects'): number =>
    rows.reduce((sum, row) => sum + row[key], 0);
  const objects = images.flatMap((image) => image.objects);
  const parts = [...new Set(rows.flatMap(({ part }) => (part === null ? [] : [part])))].sort();
  return {
    imageCount: images.length,
    objectCount: objects.length,
    touching: total('touching'),
    inPieces: total('inPieces'),
    cut: total('cut'),
    specks: total('specks'),
    objectsPerImage: distribution(rows.map((row) => row.objects)),
    area: distribution(objects.map(({ area }) => area)),
    boxHeight: distribution(objects.map(({ box: [y1, , y2] }) => y2 - y1)),
    boxWidth: distribution(objects.map(({ box: [, x1, , x2] }) => x2 - x1)),
    boxSize: distribution(objects.map(({ box: [y1, x1, y2, x2] }) => Math.sqrt((y2 - y1) * (x2 - x1)))),
    parts: parts.map((part) => {
      const own = rows.filter((row) => row.part === part);
      return { part, images: own.length, objects: own.reduce((sum, row) => sum + row.objects, 0) };
    }),
    images: rows,
  };
}

function imageRow({ name, pixels, objects }: ImageSurvey, split: Split | undefined): ImageRow {
  const { height, width, bits, kind, channels } = pixels;
  return {
    name,
    part: split?.get(name) ?? null,
    height,
    width,
    bits,
    kind,
    least: Math.min(...channels.map(({ least }) => least)),
    greatest: Math.max(...channels.map(({ greatest }) => greatest)),
    objects: objects.length,
    touching: objects.filter(({ touches }) => touches).length,
    inPieces: objects.filter(({ parts }) => parts > 1).length,
    cut: objects.filter(({ cut }) => cut).length,
    specks: objects.filter(({ area }) => area < SPECK).length,
    greatestId: objects.at(-1)?.id ?? 0,
  };
}
