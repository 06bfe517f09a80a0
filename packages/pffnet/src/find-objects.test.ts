import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { type Detections, resizeImage, type RgbImage } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { memory } from '@tensorflow/tfjs-core';
import { tiny } from '../test/tiny.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import { findObjects } from './find-objects.ts';
import { predictSemantics } from './predict-semantics.ts';
import { vary } from './vary.ts';

await loadBackend('wasm');

/** Cells on 64 x 1024 pixels. */
function strip(): RgbImage {
  const data = new Float32Array(64 * 1024 * 3);
  for (let part = 0; part < 16; part++) {
    const { image } = syntheticCells({ size: 64, count: [3, 4], seed: 100 + part });
    for (let y = 0; y < 64; y++) {
      data.set(image.data.subarray(y * 64 * 3, (y + 1) * 64 * 3), (y * 1024 + part * 64) * 3);
    }
  }
  return { height: 64, width: 1024, data };
}

/** A network that normalises nothing over the image, whose scores differ from place to place, and boxes stay near anchors. */
function untrained(): Pffnet {
  const counts = { perLevelBeforeNms: 150, perLevelAfterNms: 100, total: 150 };
  const model = createPffnet(
    vary(tiny, {
      backbone: { norm: { kind: 'frozen-affine' } },
      instanceHead: { proposals: { test: counts } },
      test: { scoreThreshold: 0, tiles: { abovePixels: 64 * 704, size: 704, overlap: 384 } },
    }),
  );
  const variables = model.scope.variables();
  for (const [path, factor] of [
    ['instance/rpn/objectness/kernel', 30],
    ['instance/box/logits/kernel', 30],
    ['instance/rpn/deltas/kernel', 0.03],
    ['instance/box/deltas/kernel', 0.03],
  ] as const) {
    const kernel = variables.get(path)!;
    const data = (kernel.dataSync() as Float32Array).map((weight) => factor * weight);
    model.scope.assign(new Map([[path, { shape: kernel.shape, data }]]));
  }
  return model;
}

describe('findObjects', () => {
  test('finds in tiles what it finds in the whole image, away from the cuts by what the network sees at once', async () => {
    const model = untrained();
    const image = strip();
    const whole = await findObjects(
      { ...model, config: vary(model.config, { test: { tiles: { abovePixels: 1e6 } } }) },
      image,
    );
    const before = memory().numTensors;
    const tiled = await findObjects(model, image); // tiles 0..704 and 320..1024
    expect(memory().numTensors).toBe(before);
    // C5 sees 217 pixels in each direction, the layers of P6 on it 96 more, and the largest boxes reach 128 from their
    // centres: at 448 pixels from a cut nothing of it is left.
    const centre = ({ boxes }: Detections, index: number): number => (boxes[index * 4 + 1] + boxes[index * 4 + 3]) / 2;
    const away = Array.from({ length: whole.count }, (_, index) => index).filter(
      (index) => centre(whole, index) < 704 - 448 || centre(whole, index) > 320 + 448,
    );
    expect(away.length).toBeGreaterThan(30);
    for (const index of away) {
      const differences = Array.from({ length: tiled.count }, (_, other) => differenceOf(whole, index, tiled, other));
      expect(Math.min(...differences)).toBeLessThan(0.001);
    }
    model.scope.dispose();
  });

  test('reads an image in one piece up to the limit', async () => {
    const model = untrained();
    const image = { height: 64, width: 704, data: strip().data.slice(0, 64 * 704 * 3) };
    const whole = vary(model.config, { test: { tiles: { abovePixels: 1e6 } } });
    expect(await findObjects(model, image)).toEqual(await findObjects({ ...model, config: whole }, image));
    model.scope.dispose();
  });
});

describe('findObjects with test.shortSide', () => {
  // Inclusive boxes end where their last pixel does, one before the edge.
  test.each([
    ['continuous', 0],
    ['legacy', 1],
  ] as const)('gives boxes in the pixels of the image, %s geometry', async (geometry, beyond) => {
    const model = untrained();
    const { image } = syntheticCells({ size: 64, count: [3, 4], seed: 100 });
    const wide = { height: 32, width: 64, data: image.data.slice(0, 32 * 64 * 3) };
    const config = vary(model.config, { geometry, test: { tiles: { abovePixels: 1e6 } } });
    const small = vary(config, { test: { shortSide: 24 } });
    const found = await findObjects({ ...model, config: small }, wide);
    const read = await findObjects({ ...model, config }, resizeImage(wide, { height: 24, width: 48 }));
    expect(found.count).toBeGreaterThan(10);
    const edge = (at: number): number => (at % 4 < 2 ? 0 : beyond);
    const expected = read.boxes.map((value, at) => ((value + edge(at)) * 4) / 3 - edge(at));
    expect(found.boxes).toBeAllClose(expected, { atol: 1e-4, rtol: 0 }); // float32 of coordinates up to 64
    expect({ ...found, boxes: 0 }).toEqual({ ...read, boxes: 0 });
    model.scope.dispose();
  });
});

describe('predictSemantics', () => {
  test('reads the tiles of findObjects: each pixel from the tile in whose core it lies, the same as the whole image away from cuts', async () => {
    const model = untrained();
    const image = strip();
    const inOne = { ...model, config: vary(model.config, { test: { tiles: { abovePixels: 1e6 } } }) };
    const detections = await findObjects(inOne, image);
    const whole = await predictSemantics(inOne, image, detections);
    const before = memory().numTensors;
    const tiled = await predictSemantics(model, image, detections); // tiles 0..704 and 320..1024, cut at 512
    expect(memory().numTensors).toBe(before);
    const alone = await predictSemantics(inOne, columnsOf(image, 320, 1024), noDetections);

    let [cut, fused] = [0, 0];
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 1024; x++) {
        const at = y * 1024 + x;
        // The semantic branch has group norms: the right tile is what it is alone, nothing of the left one.
        if (x >= 512) cut = Math.max(cut, Math.abs(tiled.semantic![at] - alone.semantic![y * 704 + x - 320]));
        // P2 and the masks have none: at 240 pixels from a cut nothing of it is left (217 through C5, then the pyramid's).
        if (x < 704 - 240 || x > 320 + 240) fused = Math.max(fused, Math.abs(tiled.fused![at] - whole.fused![at]));
      }
    }
    expect(cut).toBe(0);
    expect(fused).toBeLessThan(1e-4);
    expect(Math.max(...whole.fused!) - Math.min(...whole.fused!)).toBeGreaterThan(0.01);
    model.scope.dispose();
  });
});

const noDetections: Detections = {
  count: 0,
  boxes: new Float32Array(0),
  classScores: new Float32Array(0),
  qualities: null,
  maskSide: 28,
  masks: new Float32Array(0),
};

/** The columns of an image from `begin` to `end`. */
function columnsOf({ height, width, data }: RgbImage, begin: number, end: number): RgbImage {
  const rows = Array.from({ length: height }, (_, y) => [
    ...data.subarray((y * width + begin) * 3, (y * width + end) * 3),
  ]);
  return { height, width: end - begin, data: Float32Array.from(rows.flat()) };
}

/** Largest difference of two detections: edges in pixels, score and mask probabilities in hundredths. */
function differenceOf(a: Detections, i: number, b: Detections, j: number): number {
  const edges = [0, 1, 2, 3].map((edge) => Math.abs(a.boxes[4 * i + edge] - b.boxes[4 * j + edge]));
  const score = Math.abs(a.classScores[i] - b.classScores[j]);
  if (Math.max(...edges, 100 * score) > 1) return Infinity;
  const cells = a.maskSide ** 2;
  const ours = a.masks.subarray(i * cells, (i + 1) * cells);
  const mask = ours.reduce((most, p, cell) => Math.max(most, Math.abs(p - b.masks[j * cells + cell])), 0);
  return Math.max(...edges, 100 * score, 100 * mask);
}
