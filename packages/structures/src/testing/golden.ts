import { readFileSync } from 'node:fs';
import { decodeSafetensors, type PlainTensor } from '../safetensors.ts';
import { hashName } from '../random.ts';

/** One tensor of a golden case, with the tolerance that its maker measured. */
export interface GoldenTensor extends PlainTensor {
  readonly atol: number;
  readonly rtol: number;
}

/** A case of `tools/golden`: numbers computed by other people's code (its README defines every case). */
export interface GoldenCase {
  readonly tag: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Parameters in the reference's names and PyTorch shapes. */
  readonly params: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly scalars: Readonly<Record<string, { readonly value: unknown; readonly rtol: number }>>;
  /** @returns a tensor as stored: NCHW maps, x1y1x2y2 boxes. */
  plain(name: string): GoldenTensor;
  /** The whole JSON file, for cases with fields of their own. */
  readonly json: Readonly<Record<string, unknown>>;
}

// Jest looks globals up slowly; millions of weights are made here.
const { imul } = Math;

const folder = new URL('../../../../tools/golden/', import.meta.url);

/** Loads a golden case by name. */
export function golden(name: string): GoldenCase {
  const json = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as GoldenCase & {
    tensors?: Record<string, { atol?: number; rtol?: number }>;
  };
  const described = json.tensors ?? {};
  const stored =
    Object.keys(described).length > 0
      ? decodeSafetensors(readFileSync(new URL(`${name}.safetensors`, folder)), name).tensors
      : new Map<string, PlainTensor>();
  return {
    tag: json.tag,
    config: json.config,
    params: json.params,
    scalars: json.scalars,
    json: json as unknown as Record<string, unknown>,
    plain(tensorName) {
      const found = stored.get(tensorName);
      if (found === undefined) throw new Error(`golden ${name}: there is no tensor ${tensorName}`);
      const { atol = 0, rtol = 0 } = described[tensorName] ?? {};
      return { ...found, atol, rtol };
    },
  };
}

/** Stored boxes x1, y1, x2, y2 as (y1, x1, y2, x2), still with the reference's inclusive ends. */
export function boxesFromXyxy({ data }: PlainTensor): Float32Array {
  const boxes = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 4) boxes.set([data[at + 1], data[at], data[at + 3], data[at + 2]], at);
  return boxes;
}

/** The value of a reference parameter in PyTorch layout, by the formula of the golden README, section 2. */
export function goldenWeight(tag: string, name: string, shape: readonly number[]): Float32Array {
  const seed = hashName(`${tag}:${name}`);
  const fanIn = shape.slice(1).reduce((a, b) => a * b, 1);
  const size = shape.reduce((a, b) => a * b, 1);
  const values = new Float32Array(size);
  const isMatrix = shape.length > 1;
  const amplitude = Math.sqrt(3 / fanIn);
  for (let index = 0; index < size; index++) {
    const s = (seed + imul(index + 1, 0x6d2b79f5)) | 0;
    const a = imul(s ^ (s >>> 15), s | 1);
    const b = a ^ (a + imul(a ^ (a >>> 7), a | 61));
    const u = 2 * (((b ^ (b >>> 14)) >>> 0) / 2 ** 32) - 1;
    if (isMatrix) values[index] = amplitude * u;
    else values[index] = name.endsWith('.weight') ? 1 + 0.1 * u : 0.1 * u;
  }
  return values;
}

/**
 * A reference parameter in our layout: OIHW kernels become HWIO, [out, in] matrices [in, out], vectors stay.
 * @param flattened - [c, h, w] of the map that a matrix reads when it follows a flatten: PyTorch flattens channels
 * slowest, we flatten them fastest, so its rows are reordered.
 */
export function goldenParam(
  tag: string,
  name: string,
  shape: readonly number[],
  flattened?: readonly [number, number, number],
): PlainTensor {
  const values = goldenWeight(tag, name, shape);
  if (shape.length === 1) return { shape, data: values };
  const [out, inputs, rows = 1, columns = 1] = shape;
  const data = new Float32Array(values.length);
  if (shape.length === 4) {
    for (let o = 0, at = 0; o < out; o++)
      for (let i = 0; i < inputs; i++)
        for (let tap = 0; tap < rows * columns; tap++, at++) data[(tap * inputs + i) * out + o] = values[at];
    return { shape: [rows, columns, inputs, out], data };
  }
  const [channels, height, width] = flattened ?? [inputs, 1, 1];
  const pixels = height * width;
  for (let o = 0, at = 0; o < out; o++)
    for (let c = 0; c < channels; c++)
      for (let pixel = 0; pixel < pixels; pixel++, at++) data[(pixel * channels + c) * out + o] = values[at];
  return { shape: [inputs, out], data };
}
