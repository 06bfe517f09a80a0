import { ready, setBackend } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.ts';
import { importOptional } from './import-optional.ts';

/** oneDNN through our own addon. */
export const onednnEngine: Engine = {
  name: 'onednn',
  remedy: 'npm install @pffnet/tfjs-onednn (needs the oneDNN library, libdnnl-dev on Debian, and a C++ compiler)',
  async open() {
    await importOptional('@pffnet/tfjs-onednn');
    if (!(await setBackend('onednn'))) throw new Error('the addon did not start');
    await ready();
    return 'onednn (native CPU)';
  },
};
