import { activate } from './activate.ts';
import type { Engine } from './engine.ts';
import { importOptional } from './import-optional.ts';

/** oneDNN through our own addon. */
export const onednnEngine: Engine = {
  name: 'onednn',
  remedy:
    'npm install @pffnet/tfjs-onednn (needs a C++ compiler and oneDNN: libdnnl-dev on Debian, onednn in Homebrew)',
  async open() {
    await importOptional('@pffnet/tfjs-onednn');
    await activate('onednn');
    return { description: 'onednn (native CPU)' };
  },
};
