import { describe, expect, test } from '@jest/globals';
import { resourcesFor } from './resources.ts';
import { readSlurmOptions, slurmArguments } from './slurm-options.ts';

describe('readSlurmOptions', () => {
  test('reads what sbatch takes, with and without a value', () => {
    const options = readSlurmOptions([
      'partition=gpu',
      'gres=gpu:a100:1',
      'exclusive',
      'comment=a=b c',
      'time=1-00:00:00',
    ]);
    expect(slurmArguments(options)).toEqual([
      '--partition=gpu',
      '--gres=gpu:a100:1',
      '--exclusive',
      '--comment=a=b c',
      '--time=1-00:00:00',
    ]);
  });

  test('refuses what the job script is built on, and what is no option', () => {
    expect(() => readSlurmOptions(['array=0-9'])).toThrow('--slurm-option array: pffnet sets it itself; leave it out');
    expect(() => readSlurmOptions(['--partition=gpu'])).toThrow(
      '--slurm-option --partition=gpu: expected a long option of sbatch without its dashes, such as partition=gpu',
    );
  });
});

describe('resourcesFor', () => {
  test('a preset of somebody’s own asks for as much as paper', () => {
    expect(resourcesFor('mine', 'onednn')).toEqual(resourcesFor('paper', 'auto'));
    expect(resourcesFor('mine', 'node-gpu')).toMatchObject({ preset: 'paper', gpus: 1 });
  });
});
