import type { RoiAlignAttributes, RoiAlignGradAttributes } from '@pffnet/structures';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { constant, discarding, eachGroup, eachNumber } from './program.ts';

/*
 * RoIAlign: kernels that tfjs does not have. Both run level by level. The gradient asks for each number of a level which
 * samples read it, so that no two threads write to one place and every run gives the same bits.
 */

/** Threads of a group. */
const THREADS = 64;
/** The most groups of threads along one axis that every adapter takes. */
const SPREAD = 32_768;

type Discard = (info: TensorInfo) => TensorInfo;

/** Inputs the levels [1, h, w, c] named `level0`, `level1` ...; output [n, side, side, c]. */
export const roiAlign: KernelFunc = ({ inputs, attrs, backend: own }) => {
  const levels = Object.keys(inputs).map((_, level) => (inputs as Record<string, TensorInfo>)[`level${level}`]);
  const attributes = attrs as unknown as RoiAlignAttributes;
  const { levelOfBox, side, samples } = attributes;
  const backend = own as WebGPUBackend;
  const channels = levels[0].shape[3];
  const shape = [levelOfBox.length, side, side, channels];
  return discarding(backend, (discard) => {
    const output = backend.makeTensorInfo(shape, 'float32');
    const samplesAt = uploadSamples(backend, attributes, discard);
    levels.forEach((map, level) => {
      const boxes = boxesOn(level, levelOfBox);
      if (boxes.length === 0) return;
      const [, height, width] = map.shape;
      const count = boxes.length * side * side * channels;
      const groups = Math.ceil(count / THREADS);
      eachGroup(backend, {
        name: 'roi align',
        inputs: { map, ...samplesAt, boxes: discard(backend.makeTensorInfo([boxes.length], 'int32', boxes)) },
        shape,
        output,
        integers: { height, width, channels, side, samples, count },
        threads: [THREADS, 1],
        groups: [Math.min(groups, SPREAD), Math.ceil(groups / SPREAD), 1],
        code: aligned,
      });
    });
    return output;
  });
};

const aligned = `
  fn line(row: i32, place: vec2<f32>, channel: i32) -> f32 {
    let column = i32(place.x);
    let first = (row * uniforms.width + column) * uniforms.channels + channel;
    let second = (row * uniforms.width + min(column + 1, uniforms.width - 1)) * uniforms.channels + channel;
    return (1.0 - place.y) * map[first] + place.y * map[second];
  }
  fn main() {
    let i = i32((workgroupId.y * numWorkgroups.x + workgroupId.x) * ${THREADS}u + localIndex);
    if (i < uniforms.count) {
      let channel = i % uniforms.channels;
      let cell = i / uniforms.channels;
      let box = boxes[cell / (uniforms.side * uniforms.side)];
      let row = cell / uniforms.side % uniforms.side;
      let column = cell % uniforms.side;
      var total = 0.0;
      for (var sampleRow = 0; sampleRow < uniforms.samples; sampleRow++) {
        let y = 2 * ((box * uniforms.side + row) * uniforms.samples + sampleRow);
        let rowAt = vec2<f32>(rows[y], rows[y + 1]);
        if (rowAt.x < 0.0) { continue; }
        let top = i32(rowAt.x);
        let bottom = min(top + 1, uniforms.height - 1);
        for (var sampleColumn = 0; sampleColumn < uniforms.samples; sampleColumn++) {
          let x = 2 * ((box * uniforms.side + column) * uniforms.samples + sampleColumn);
          let columnAt = vec2<f32>(columns[x], columns[x + 1]);
          if (columnAt.x < 0.0) { continue; }
          total += (1.0 - rowAt.y) * line(top, columnAt, channel) + rowAt.y * line(bottom, columnAt, channel);
        }
      }
      let at = ((box * uniforms.side + row) * uniforms.side + column) * uniforms.channels + channel;
      result[at] = total / f32(uniforms.samples * uniforms.samples);
    }
  }`;

/** Input dy [n, side, side, c]; attribute `shapes`, those of the levels; outputs the gradient of each level. */
export const roiAlignGrad: KernelFunc = ({ inputs, attrs, backend: own }) => {
  const { dy } = inputs as { dy: TensorInfo };
  const attributes = attrs as unknown as RoiAlignGradAttributes;
  const { levelOfBox, side, samples, shapes } = attributes;
  const backend = own as WebGPUBackend;
  return discarding(backend, (discard) => {
    const samplesAt = uploadSamples(backend, attributes, discard);
    return shapes.map((shape, level) => {
      const [, height, width, channels] = shape;
      const boxes = boxesOn(level, levelOfBox);
      if (boxes.length === 0 || util.sizeFromShape([...shape]) === 0) return constant(backend, shape, 0, 'float32');
      const extents = Int32Array.from([...boxes].flatMap((box) => [box, ...extentOf(box, attributes)]));
      return eachNumber(backend, {
        name: 'roi align gradient',
        inputs: { dy, ...samplesAt, boxes: discard(backend.makeTensorInfo([boxes.length, 5], 'int32', extents)) },
        shape,
        integers: { height, width, channels, side, samples, count: boxes.length },
        code: gradient,
      });
    });
  });
};

const gradient = `
  fn weight(base: f32, share: f32, place: i32, last: i32) -> f32 {
    if (base < 0.0) { return 0.0; }
    return select(0.0, 1.0 - share, i32(base) == place) + select(0.0, share, min(i32(base) + 1, last) == place);
  }
  fn ofBox(box: i32, y: i32, x: i32, channel: i32) -> f32 {
    let length = uniforms.side * uniforms.samples;
    var total = 0.0;
    for (var row = 0; row < length; row++) {
      let ofRow = weight(rows[2 * (box * length + row)], rows[2 * (box * length + row) + 1], y, uniforms.height - 1);
      if (ofRow == 0.0) { continue; }
      for (var column = 0; column < length; column++) {
        let at = 2 * (box * length + column);
        let ofColumn = weight(columns[at], columns[at + 1], x, uniforms.width - 1);
        if (ofColumn == 0.0) { continue; }
        let cell = (box * uniforms.side + row / uniforms.samples) * uniforms.side + column / uniforms.samples;
        total += ofRow * ofColumn * dy[cell * uniforms.channels + channel];
      }
    }
    return total;
  }
  fn valueAt(i: i32) -> f32 {
    let channel = i % uniforms.channels;
    let x = i / uniforms.channels % uniforms.width;
    let y = i / uniforms.channels / uniforms.width;
    var total = 0.0;
    for (var k = 0; k < 5 * uniforms.count; k += 5) {
      if (y >= boxes[k + 1] && y <= boxes[k + 2] && x >= boxes[k + 3] && x <= boxes[k + 4]) {
        total += ofBox(boxes[k], y, x, channel);
      }
    }
    return total / f32(uniforms.samples * uniforms.samples);
  }`;

function boxesOn(level: number, levelOfBox: Int32Array): Int32Array {
  return Int32Array.from([...levelOfBox.keys()].filter((box) => levelOfBox[box] === level));
}

/**
 * Places as pairs: the cell before and the share of the next, so that no digit is lost far from the origin; -1 stands for
 * a place outside.
 */
function uploadSamples(
  backend: WebGPUBackend,
  { rows, columns }: RoiAlignAttributes,
  discard: Discard,
): Record<'rows' | 'columns', TensorInfo> {
  const pairs = (places: Float64Array): TensorInfo => {
    const values = new Float32Array(2 * places.length);
    places.forEach((place, index) => {
      const base = Number.isNaN(place) ? -1 : Math.floor(place);
      values.set([base, Number.isNaN(place) ? 0 : place - base], 2 * index);
    });
    return discard(backend.makeTensorInfo([places.length, 2], 'float32', values));
  };
  return { rows: pairs(rows), columns: pairs(columns) };
}

/** First and last row, first and last column that a box may read. */
function extentOf(box: number, { rows, columns, side, samples }: RoiAlignAttributes): number[] {
  const length = side * samples;
  return [rows, columns].flatMap((places) => {
    const inside = places.subarray(box * length, (box + 1) * length).filter((place) => !Number.isNaN(place));
    return inside.length === 0 ? [0, -1] : [Math.floor(Math.min(...inside)), Math.floor(Math.max(...inside)) + 1];
  });
}
