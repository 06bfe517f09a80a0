import type { Command } from 'commander';
import type { Call } from './call.ts';

/** A command as the program lists it; what it does is loaded when it is called. */
export interface ListedCommand {
  readonly name: string;
  readonly description: string;
  load(): Promise<(call: Call) => Command>;
}

/** The commands in the order of their use. */
export const commands: readonly ListedCommand[] = [
  {
    name: 'demo',
    description: 'train and test on synthetic cells, and show the result on a page; needs no data',
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
  {
    name: 'data',
    description: 'check a data set before training, preview it, convert it',
    load: async () => (await import('./commands/data.ts')).dataCommand,
  },
  {
    name: 'train',
    description: 'train a network on images and their label maps',
    load: async () => (await import('./commands/train.ts')).trainCommand,
  },
  {
    name: 'predict',
    description: 'separate the objects in images',
    load: async () => (await import('./commands/predict.ts')).predictCommand,
  },
  {
    name: 'click',
    description: 'separate the objects at which a person points',
    load: async () => (await import('./commands/click.ts')).clickCommand,
  },
  {
    name: 'model',
    description: 'list and verify the models that ship; pack a run into a model',
    load: async () => (await import('./commands/model.ts')).modelCommand,
  },
  {
    name: 'evaluate',
    description: 'score label maps of any tool against the truth; tune the thresholds of a network',
    load: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
  },
  {
    name: 'ablate',
    description: "train and test the paper's matrix of networks",
    load: async () => (await import('./commands/ablate.ts')).ablateCommand,
  },
  {
    name: 'report',
    description: "show the runs of a folder on one page, and the paper's tables with their numbers",
    load: async () => (await import('./commands/report.ts')).reportCommand,
  },
  {
    name: 'bench',
    description: 'time training steps and prediction of presets on this machine',
    load: async () => (await import('./commands/bench.ts')).benchCommand,
  },
  {
    name: 'doctor',
    description: 'say which engines load here, why the others do not, and what to install',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
];
