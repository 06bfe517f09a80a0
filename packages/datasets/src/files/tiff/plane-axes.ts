import { SaxesParser } from 'saxes';

/** What the planes of a microscope's file are, by its description. */
export interface PlaneAxes {
  readonly channels: number;
  /** Planes per channel: slices, times, positions. */
  readonly perChannel: number;
  /** Of the channels, where the description names them. */
  readonly names: readonly string[];
}

/**
 * Reads what tag 270 says about the planes of a file: OME-XML, ImageJ's lines, or the JSON of Python's tifffile.
 * @returns undefined if it says nothing that is known.
 * @remarks Source: OME model 2016-06 (Pixels, Channel); ImageJ's TiffEncoder; tifffile's "shaped" series.
 */
export function readPlaneAxes(description: string | undefined): PlaneAxes | undefined {
  const text = description?.trimStart() ?? '';
  if (text.startsWith('ImageJ=')) return axesOfImageJ(text);
  if (text.startsWith('{')) return axesOfJson(text);
  if (text.startsWith('<') && text.slice(0, 4096).includes('<OME')) return axesOfOme(text);
  return undefined;
}

function axesOfImageJ(text: string): PlaneAxes {
  const numberOf = (key: string): number => Number(new RegExp(`^${key}=(\\d+)`, 'm').exec(text)?.[1] ?? 1);
  const channels = numberOf('channels');
  return { channels, perChannel: Math.max(1, numberOf('images') / channels), names: [] };
}

function axesOfJson(text: string): PlaneAxes | undefined {
  try {
    const { shape, axes } = JSON.parse(text) as { shape?: unknown; axes?: unknown };
    if (!Array.isArray(shape) || typeof axes !== 'string' || axes.length !== shape.length) return undefined;
    const sizeOf = (wanted: (axis: string) => boolean): number =>
      shape.reduce((size: number, length: unknown, index) => (wanted(axes[index]) ? size * Number(length) : size), 1);
    return {
      channels: sizeOf((axis) => axis === 'C'),
      perChannel: sizeOf((axis) => !'CYXS'.includes(axis)),
      names: [],
    };
  } catch {
    return undefined;
  }
}

function axesOfOme(text: string): PlaneAxes | undefined {
  let images = 0;
  let pixels: Readonly<Record<string, string>> | undefined;
  const names: (string | undefined)[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const local = name.replace(/^.*:/, '');
    if (local === 'Image') images++;
    if (images !== 1) return;
    if (local === 'Pixels') pixels = attributes;
    // A channel of three samples is a colour picture's, and takes three places.
    if (local === 'Channel') {
      for (let sample = Number(attributes['SamplesPerPixel'] ?? 1); sample > 0 && names.length < 4096; sample--) {
        names.push(attributes['Name']);
      }
    }
  });
  try {
    parser.write(text).close();
  } catch {
    return undefined;
  }
  if (pixels === undefined) return undefined;
  const size = (axis: string): number => Number(pixels?.[`Size${axis}`] ?? 1);
  const channels = size('C');
  const named = names.length === channels && names.every((name) => name !== undefined && name !== '');
  return {
    channels,
    perChannel: size('Z') * size('T') * images,
    names: named ? names.filter((name) => name !== undefined) : [],
  };
}
