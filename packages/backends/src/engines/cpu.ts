import { correctKernels } from '../corrections/correct-kernels.ts';
import { activate } from './activate.ts';
import type { Engine } from './engine.ts';

/** Plain JavaScript: always there, every kernel, very slow. The reference for numerical tests. */
export const cpuEngine: Engine = {
  name: 'cpu',
  remedy: 'nothing to install: it is part of this package',
  async open() {
    await import('@tensorflow/tfjs-backend-cpu');
    await activate('cpu');
    correctKernels('cpu');
    return { description: 'cpu (plain JavaScript)' };
  },
};
