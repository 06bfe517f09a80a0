// Loading this entry point selects the CPU engine and installs the matcher: it is the test set-up of every package.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import { installAllClose } from './all-close.ts';

export { type Numbers, type Tolerance } from './all-close.ts';
export {
  boxesFromXyxy,
  golden,
  type GoldenCase,
  goldenParam,
  type GoldenTensor,
  goldenWeight,
  nhwc,
} from './golden.ts';
export { type GradientCheck, gradientError } from './gradient-error.ts';
export { newTensors } from './new-tensors.ts';
export { randomTensor } from './random-tensor.ts';

enableProdMode(); // no advertisement for tfjs-node
await setBackend('cpu');
installAllClose();
