// Loading this entry point selects the CPU engine and installs the matcher: it is the test set-up of every package with
// tensors.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';

export {
  boxesFromXyxy,
  golden,
  type GoldenCase,
  goldenParam,
  type GoldenTensor,
  goldenWeight,
  type Numbers,
  type Tolerance,
} from '@pffnet/structures/testing';
export { type GradientCheck, gradientError } from './gradient-error.ts';
export { kernelsInUse, kernelsOfSomeEngines } from './kernels-in-use.ts';
export { newTensors } from './new-tensors.ts';
export { nhwc } from './nhwc.ts';
export { expectSameOn, noise, onEngine, type ShapedNumbers } from './on-engine.ts';
export { randomTensor } from './random-tensor.ts';

enableProdMode(); // no advertisement for tfjs-node
await setBackend('cpu');
