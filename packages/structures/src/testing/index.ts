// Loading this entry point installs the matcher: it is the test set-up of packages without tensors.
import { installAllClose } from './all-close.ts';

export { type Numbers, type Tolerance } from './all-close.ts';
export { boxesFromXyxy, golden, type GoldenCase, goldenParam, type GoldenTensor, goldenWeight } from './golden.ts';

installAllClose();
