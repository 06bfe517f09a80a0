import { afterAll, describe, expect, test } from '@jest/globals';
import { ConfigError } from '@pffnet/structures';
import { getBackend, getGradient } from '@tensorflow/tfjs-core';
import { engines } from './engines/engines.ts';
import { type Engine, EngineError } from './engines/engine.ts';
import { heapBytes, loadBackend, surveyBackends } from './index.ts';
import { openFirst, openOnly } from './load-backend.ts';
import { survey } from './survey.ts';

const working = (name: Engine['name'], drawback?: string): Engine => ({
  name,
  remedy: 'none',
  ...(drawback === undefined ? {} : { drawback: async () => drawback }),
  open: async () => ({ description: `${name} at work` }),
});
const broken = (name: Engine['name']): Engine => ({
  name,
  remedy: `install ${name}`,
  open: async () => {
    throw new Error(`the package ${name} is not installed`);
  },
});

afterAll(async () => {
  await loadBackend('cpu');
});

describe('loadBackend', () => {
  test('prefers engines in the order of the documentation', () => {
    expect(engines.map(({ name }) => name)).toEqual(['node-gpu', 'webgpu', 'onednn', 'wasm', 'cpu']);
  });

  test('takes the first engine that runs and has no drawback', async () => {
    const candidates = [
      broken('node-gpu'),
      working('webgpu', 'a software rasteriser'),
      working('wasm'),
      working('cpu'),
    ];
    expect(await openFirst(candidates)).toMatchObject({ name: 'wasm', description: 'wasm at work' });
  });

  test('opens an engine that is asked for by name although it has a drawback', async () => {
    expect(await openOnly('webgpu', [working('webgpu', 'a software rasteriser')])).toMatchObject({ name: 'webgpu' });
  });

  test('says which engines failed and why when none runs', async () => {
    await expect(openFirst([broken('node-gpu'), broken('wasm')])).rejects.toThrow(
      new ConfigError(
        'backend: no engine runs here; node-gpu: the package node-gpu is not installed; wasm: the package wasm is not installed',
      ),
    );
  });

  test('says why an engine cannot run and what to install', async () => {
    const attempt = openOnly('node-gpu', [broken('node-gpu')]);
    await expect(attempt).rejects.toThrow(ConfigError);
    await expect(attempt).rejects.toThrow(
      'backend node-gpu cannot run here: the package node-gpu is not installed; to get it: install node-gpu',
    );
  });

  test('names the engines when asked for one that does not exist', async () => {
    await expect(loadBackend('gpu' as 'cpu')).rejects.toThrow(
      new ConfigError('backend: expected auto or one of node-gpu, webgpu, onednn, wasm, cpu, got gpu'),
    );
  });

  test('loads something here, and gradients', async () => {
    const { name, description } = await loadBackend();
    expect(engines.map((engine) => engine.name)).toContain(name);
    expect(description).toContain(name);
    expect(getGradient('Conv2D')).toBeDefined();
  });

  test('leaves no listener of the WASM module on the process', async () => {
    const count = (): number[] =>
      ['uncaughtException', 'unhandledRejection'].map((name) => process.listenerCount(name));
    const before = count();
    expect(await loadBackend('wasm')).toMatchObject({ name: 'wasm' });
    expect(count()).toEqual(before);
    expect(getBackend()).toBe('wasm');
    expect(heapBytes()).not.toBeNull();
  });

  test('has no heap to report on another engine', async () => {
    await loadBackend('cpu');
    expect(heapBytes()).toBeNull();
  });
});

describe('what is missing', () => {
  const noGpu: Engine = {
    name: 'webgpu',
    remedy: 'npm install webgpu',
    open: () => Promise.reject(new EngineError('no GPU adapter was found', 'a GPU with its driver')),
  };

  test('is advised, not a package that is there already', async () => {
    const [report] = await survey([noGpu]);
    expect(report).toMatchObject({
      available: false,
      reason: 'no GPU adapter was found',
      remedy: 'a GPU with its driver',
    });
    await expect(openOnly('webgpu', [noGpu])).rejects.toMatchObject({
      name: 'ConfigError',
      message: 'backend webgpu cannot run here: no GPU adapter was found; to get it: a GPU with its driver',
    });
  });
});

describe('surveyBackends', () => {
  test('reports every engine, marks the one that auto takes, and leaves the backend as it was', async () => {
    await loadBackend('cpu');
    const reports = await surveyBackends();
    expect(reports.map(({ name }) => name)).toEqual(engines.map(({ name }) => name));
    expect(reports.filter(({ chosen }) => chosen)).toHaveLength(1);
    expect(reports.find(({ name }) => name === 'wasm')).toMatchObject({ available: true });
    expect(getBackend()).toBe('cpu');
  });

  test('explains what is missing and what is passed over', async () => {
    const reports = await survey([broken('node-gpu'), working('webgpu', 'a software rasteriser'), working('cpu')]);
    expect(reports).toEqual([
      {
        name: 'node-gpu',
        available: false,
        reason: 'the package node-gpu is not installed',
        remedy: 'install node-gpu',
        chosen: false,
      },
      {
        name: 'webgpu',
        available: true,
        reason: 'auto does not choose it: a software rasteriser',
        remedy: 'none',
        chosen: false,
      },
      { name: 'cpu', available: true, reason: 'cpu at work', remedy: 'none', chosen: true },
    ]);
  });
});
