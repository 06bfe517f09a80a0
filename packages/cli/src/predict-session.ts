import { extname } from 'node:path';
import { pairingName } from '@pffnet/datasets/image-files';
import type { ExportKind } from '@pffnet/evaluation/export-kinds';
import type { ExportOptions } from '@pffnet/evaluation/export-labels';
import type { Model } from '@pffnet/models';
import type { FoundObject, ImageSize, Network } from '@pffnet/network';
import {
  clicksFromLabels,
  type Diameter,
  ModelByImage,
  predictFile,
  type ReadingOptions,
  type TestSettings,
  trainedDiameter,
  writeMaps,
  writePrediction,
} from '@pffnet/runs/prediction';
import type { PanopticFolder } from '@pffnet/runs/panoptic-folder';
import { ConfigError, type Progress } from '@pffnet/structures';
import { say } from './console-output.ts';
import type { ComputeOptions } from './options.ts';

/** What `pffnet predict` is asked for. */
export interface PredictOptions extends ComputeOptions, TestSettings, ExportOptions, ReadingOptions {
  readonly model: string;
  readonly out: string;
  readonly json?: string;
  readonly semantic?: true;
  readonly panoptic?: true;
  readonly diameter?: Diameter;
  readonly clicksFrom?: string;
  readonly export?: readonly ExportKind[];
}

/** One image's entry in `--json`. */
export interface ImageResult {
  readonly image: string;
  readonly instances: readonly FoundObject[];
  /** Finding and drawing its objects, without reading and writing files. */
  readonly seconds: number;
}

/** Predicts image after image with the models that suit them. */
export class PredictSession {
  readonly models: ModelByImage;
  /** Whether a rule was so strict that nothing can be found. */
  excludesAll = false;
  /** The channel of the images' files that is read. */
  channel: PredictOptions['channel'];
  readonly #options: PredictOptions;
  #panoptic: PanopticFolder | null = null;
  /** Median diameters of the objects that models learned from. */
  readonly #trained = new Map<Model, number>();

  constructor(options: PredictOptions) {
    this.#options = options;
    this.channel = options.channel;
    this.models = new ModelByImage(options.model, options, (model) => this.#opened(model), say);
  }

  async predict(file: string, progress: Progress): Promise<{ result: ImageResult; labelFile: string }> {
    const { out, semantic, panoptic, diameter: wanted, clicksFrom, ...reading } = this.#options;
    const tell = (line: string): void => {
      progress.say(line);
    };
    const model = await this.models.modelFor(file, reading, tell);
    const trained = this.#trained.get(model);
    const sizes = wanted === undefined || trained === undefined ? undefined : { diameter: wanted, trained };
    const clicksOn =
      clicksFrom === undefined
        ? undefined
        : (image: ImageSize) => clicksFromLabels(model.network, clicksFrom, file, image);
    const withMaps = semantic === true || panoptic === true;
    const found = await predictFile(model, file, { ...reading, withMaps, sizes, clicksOn }, tell);
    const { image, prediction, seconds } = found;
    const place = { folder: out, name: pairingName(file) };
    const labelFile = await writePrediction(place, image, prediction);
    if (extname(labelFile) !== '.png') {
      progress.say(`${labelFile}: a 32-bit TIFF, because ids above 65,535 do not fit a 16-bit PNG`);
    }
    const maps = await found.maps();
    if (semantic === true) await writeMaps(place, maps, image);
    await this.#panoptic?.add({ name: place.name, image: file }, prediction, maps);
    return { result: { image: file, instances: prediction.instances, seconds }, labelFile };
  }

  /** Writes what tells of all images together. */
  async finish(): Promise<void> {
    await this.#panoptic?.finish();
  }

  async #opened(model: Model): Promise<void> {
    const { network, facts } = model;
    const { out, semantic, panoptic, diameter: wanted, model: asked } = this.#options;
    if (panoptic === true) {
      const { assertPanoptic, PanopticFolder } = await import('@pffnet/runs/panoptic-folder'); // with formats of data sets
      assertPanoptic(model, asked);
      this.#panoptic ??= new PanopticFolder(out);
    }
    if (semantic === true && facts !== null) {
      throw new ConfigError(
        `--semantic: ${facts.name} is packed for label maps and has no parts for maps per pixel; leave it out, or give the run that it was packed from`,
      );
    }
    refuseUnfit(network, this.#options);
    if (wanted !== undefined) this.#trained.set(model, await trainedDiameter(model, asked));
    const excluded = network.predictor().excludesAll(network.config.test);
    if (excluded !== null) {
      this.excludesAll = true;
      say(excluded);
    }
    this.channel ??= network.config.input.channel;
  }
}

/** Refuses what the network cannot do, or cannot do without. */
function refuseUnfit({ config: { kind }, clicksFor, predictor }: Network, options: PredictOptions): void {
  const { semantic, clicksFrom } = options;
  if (semantic === true && predictor().maps === undefined) {
    throw new ConfigError(`--semantic: this network of kind ${kind} predicts no map per pixel; leave it out`);
  }
  if (clicksFor === undefined && clicksFrom !== undefined) {
    throw new ConfigError(`--clicks-from: a network of kind ${kind} finds objects by itself; leave it out`);
  }
  if (clicksFor !== undefined && clicksFrom === undefined) {
    throw new ConfigError(
      `--model: a network of kind ${kind} finds objects at clicks; add --clicks-from <label maps>, or use pffnet click <image> --points <file>`,
    );
  }
}
