import { correctKernels } from '../corrections/correct-kernels.ts';
import { activate } from './activate.ts';
import type { Engine } from './engine.ts';
import { importOptional } from './import-optional.ts';

/** oneDNN through our own addon. */
export const onednnEngine: Engine = {
  name: 'onednn',
  remedy:
    'npm run setup in this repository; elsewhere oneDNN and a C++ compiler (Debian, Ubuntu: apt-get install libdnnl-dev g++ ' +
    'make python3; macOS: brew install onednn; or conda install onednn), then npm install or npm rebuild @pffnet/tfjs-onednn',
  async open() {
    await importOptional('@pffnet/tfjs-onednn');
    await activate('onednn');
    correctKernels('onednn');
    return { description: 'onednn (native CPU)' };
  },
};
