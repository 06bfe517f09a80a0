import { afterAll, describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { totalLoss } from '@pffnet/network';
import { randomStream } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { dispose, type Scalar, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { computeLosses, createPffnet, supervise, type Supervision, truthOf, vary } from '../src/index.ts';
import { tiny } from './tiny.ts';

await loadBackend('wasm');

const { image, labels } = syntheticCells({ size: 64, count: [4, 4], seed: 3 });
// Masks are pasted into proposals: refined boxes are constants of the loss that move with the weights all the same.
const model = createPffnet(vary(tiny, { instanceSemantics: { boxes: 'proposal' } }));
const variables = model.scope.variables();
const supervision = fixedSupervision();
const lossOf = (): Scalar => totalLoss(computeLosses(model, image, supervision), model.terms);
const gradients = new Map<string, Float32Array>();
afterAll(() => {
  model.scope.dispose();
});

/** The choices of the first call, kept for all others: they jump where the losses are smooth. */
function fixedSupervision(): Supervision {
  const sampling = { anchors: randomStream(0, 'anchors'), rois: randomStream(0, 'rois') };
  const live = supervise(truthOf(labels, model.config.geometry), model.config, sampling);
  let anchors: ReturnType<Supervision['chooseAnchors']> | undefined;
  let rois: ReturnType<Supervision['chooseRois']> | undefined;
  return {
    ...live,
    chooseAnchors: (all) => (anchors ??= live.chooseAnchors(all)),
    chooseRois: (rpn, all) => (rois ??= live.chooseRois(rpn, all)),
  };
}

/** Sets some values of a parameter. */
function assign(path: string, data: Float32Array): void {
  const { shape } = variables.get(path)!;
  model.scope.assign(new Map([[path, { shape, data }]]));
}

const valuesOf = (path: string): Float32Array => variables.get(path)!.dataSync().slice() as Float32Array;

/** A place of general position: biases that are exactly 0 put whole areas onto the kink of a ReLU. */
function leaveTheKinks(): void {
  const stream = randomStream(0, 'biases');
  for (const path of variables.keys()) {
    if (/\/(bias|shift)$/.test(path))
      assign(
        path,
        valuesOf(path).map((value) => value + 0.05 * stream.normal()),
      );
  }
  // Every cell of every mask stays above 0: the quality that is asked for jumps where a cell crosses it.
  assign('instance/mask/convolutional/logits/bias', Float32Array.of(0, 3));
}

/** (L(w + step) - L(w - step)) / (2 step) for one weight. */
function slopeAlong(path: string, index: number, step: number): number {
  const here = valuesOf(path);
  const lossAt = (value: number): number => {
    assign(path, here.with(index, value));
    return tidy(() => lossOf().dataSync()[0]);
  };
  const slope = (lossAt(here[index] + step) - lossAt(here[index] - step)) / (2 * step);
  assign(path, here);
  return slope;
}

function largestEntry(values: Float32Array): number {
  return values.reduce((best, value, index) => (Math.abs(value) > Math.abs(values[best]) ? index : best), 0);
}

describe('the gradient of the total loss', () => {
  leaveTheKinks();
  const { value, grads } = variableGrads(lossOf, [...variables.values()]);
  for (const [path, { name }] of variables) gradients.set(path, grads[name].dataSync() as Float32Array);
  dispose([value, ...Object.values(grads)]);

  // Within 4 % and 0.0005: what is left are the kinks of thousands of ReLUs and the last bits of a float32 loss.
  test.each([
    'backbone/stem',
    'backbone/stage2',
    'backbone/stage3',
    'backbone/stage4',
    'backbone/stage5',
    'backbone/pyramid',
    'semantic',
    'instance/rpn',
    'instance/box',
    'instance/mask',
    'instance/quality',
    'map',
    'fusion',
  ])('%s: agrees with differences for the steepest weight of four parameters', (module) => {
    const steepest = [...gradients]
      .filter(([path]) => path.startsWith(`${module}/`))
      .map(([path, values]) => ({ path, index: largestEntry(values), slope: values[largestEntry(values)] }))
      .sort((a, b) => Math.abs(b.slope) - Math.abs(a.slope))
      .slice(0, 4);
    const differences = steepest.map(({ path, index }) => slopeAlong(path, index, 5e-4));
    expect(steepest.map(({ slope }) => slope)).toBeAllClose(differences, { atol: 5e-4, rtol: 0.04 });
    expect(Math.abs(steepest[0].slope)).toBeGreaterThan(0.005); // ten times what may differ
  });
});
