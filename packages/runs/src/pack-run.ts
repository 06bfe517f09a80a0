import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeAtomically } from '@pffnet/datasets';
import { createNetwork, familyOf } from '@pffnet/families';
import { factsToMetadata, type ModelFacts } from '@pffnet/models';
import { encodePackedModel, type Network, type NetworkConfig, readModelFile, readWeights } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { ParamScope } from '@pffnet/tensor-ops';
import type { RunFacts } from '@pffnet/run-folder';
import { loadModel } from './load-model.ts';
import { modelPath } from './model-path.ts';
import { openDatasetFor } from './open-dataset-for.ts';
import { runOf, savedFacts } from './run-facts.ts';
import { type TrainingObjects, trainingObjects } from './training-objects.ts';

/** What is packed, and how it is called. */
export interface PackRequest {
  /** A run folder (its best weights), or a weights file. */
  readonly model: string;
  readonly out: string;
  /** By default the name of the file. */
  readonly name?: string;
  /** Tuned settings of prediction, as `evaluate --tune` writes them; by default `tuned.json` of the run if it has one. */
  readonly settings?: string;
  /** The images of the training, where they have moved or the weights do not say. */
  readonly data?: string;
}

/** A model that was packed. */
export interface PackedModel {
  readonly facts: ModelFacts;
  /** Of the file, and of the weights that it was made from. */
  readonly bytes: number;
  readonly bytesBefore: number;
  /** Objects and parameters that were counted. */
  readonly objects: number;
  readonly parameters: number;
  readonly parametersBefore: number;
  /** The settings of prediction that were taken, or null for those of the training. */
  readonly settings: string | null;
}

/**
 * Packs a trained network for prediction: the parts that label maps need, kernels in eight bits, and what is known of it.
 * @throws ConfigError or DataError if there is no such run, it does not know its images, or they are gone.
 */
export async function packRun(
  request: PackRequest,
  say: (line: string) => void = () => undefined,
): Promise<PackedModel> {
  const { model, out, name = basename(out).replace(/\.safetensors$/, '') } = request;
  const weights = await modelPath(model);
  const bytes = await readFile(weights);
  const { metadata } = readModelFile(bytes, weights);
  const settings = request.settings ?? tunedIn(model);
  const run = await savedFacts(runOf(model));
  const { network } = await loadModel(model, settings === null ? {} : { settings });
  try {
    const objects = await objectsOf(request, network.config, run, say);
    const facts: ModelFacts = {
      name,
      images: objects.images,
      diameter: objects.diameter,
      origin: run === null ? null : { ...withoutFolders(run), step: metadata['step'] ?? null },
    };
    const parts = await forLabelMaps(network);
    try {
      const packed = await encodePackedModel(parts, factsToMetadata(facts));
      await writeAtomically(out, packed);
      return {
        facts,
        bytes: packed.byteLength,
        bytesBefore: bytes.byteLength,
        objects: objects.count,
        parameters: parametersOf(parts),
        parametersBefore: parametersOf(network),
        settings,
      };
    } finally {
      parts.scope.dispose();
    }
  } finally {
    network.scope.dispose();
  }
}

function tunedIn(model: string): string | null {
  const file = join(runOf(model), 'tuned.json');
  return existsSync(file) ? file : null;
}

async function objectsOf(
  { model, data }: PackRequest,
  config: NetworkConfig,
  run: RunFacts | null,
  say: (line: string) => void,
): Promise<TrainingObjects> {
  const folder = data ?? run?.data.folder;
  if (folder === undefined) {
    throw new ConfigError(
      `--model ${model}: a weights file does not say which images it was trained on; give their folder with --data`,
    );
  }
  const dataset = await openDatasetFor(config, folder, say);
  const names = run === null ? dataset.names : run.data.train.filter((name) => dataset.names.includes(name));
  if (names.length === 0) {
    throw new ConfigError(`${folder}: holds none of the run's training images; give their folder with --data`);
  }
  return trainingObjects(config, dataset, names);
}

/** The parts of a network that label maps need, as a network of its own; its config names no folder of this machine. */
async function forLabelMaps(network: Network): Promise<Network> {
  const config = familyOf(network.config).forLabelMaps?.(network.config) ?? network.config;
  const values = await readWeights(network);
  const scope = ParamScope.from((path) => {
    const found = values.get(path);
    if (found === undefined) throw new Error(`forLabelMaps: the whole network has no ${path}`);
    return found.data;
  });
  return createNetwork(withoutFolders(config), scope);
}

/** The value with every path from the root, which says nothing elsewhere, cut down to its last name. */
function withoutFolders<Value>(value: Value): Value {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'string' ? inner.replaceAll(/(?<=^|\s|=)(\/|[A-Z]:\\)\S+/g, (path) => basename(path)) : inner,
  );
  return JSON.parse(text) as Value;
}

const parametersOf = ({ scope }: Network): number =>
  [...scope.variables().values()].reduce((sum, { size }) => sum + size, 0);
