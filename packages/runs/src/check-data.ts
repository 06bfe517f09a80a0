import {
  bySeverity,
  type ChannelChoice,
  type DatasetListing,
  type DatasetSurvey,
  findProblems,
  type Split,
  summariseSurvey,
  surveyDataset,
} from '@pffnet/datasets';
import { describeData } from '@pffnet/families';
import type { DataFinding, NetworkConfig } from '@pffnet/network';
import type { DataCheck } from '@pffnet/pages';
import type { Listener } from '@pffnet/structures';

/** A data set to look at before a network learns it. */
export interface DataCheckRequest {
  readonly folder: string;
  /** What is in the folder. */
  readonly listing: DatasetListing;
  /** Which image is in which part; copies of images are looked for between parts. */
  readonly split?: Split | undefined;
  /** The channel to read, where files have several. */
  readonly channel?: ChannelChoice | undefined;
  /** A config whose anchors are checked too, under this name. */
  readonly own?: { readonly name: string; readonly config: NetworkConfig } | undefined;
  readonly listener?: Listener;
}

/** A data check, and what it rests on. */
export interface CheckedData extends DataCheck {
  readonly findings: readonly DataFinding[];
  readonly survey: DatasetSurvey;
}

/**
 * Reads every image of a data set and its labels, and says what is in them, what is wrong with them, and what families of
 * networks say about the objects. Images that cannot be read are among the problems.
 */
export async function checkData(request: DataCheckRequest): Promise<CheckedData> {
  const { folder, listing, split, channel, own, listener } = request;
  const survey = { ...(await surveyDataset(listing, { channel }, listener)), split };
  const boxes = Float32Array.from(survey.images.flatMap(({ objects }) => objects.flatMap(({ box }) => box)));
  const findings = describeData(boxes, own);
  const told = findings.flatMap(({ problems }) => problems.map((problem) => ({ ...problem, images: [] })));
  const problems = bySeverity([...findProblems(survey), ...told]);
  return {
    folder,
    format: listing.format,
    usable: problems.every(({ severity }) => severity !== 'error'),
    problems,
    findings,
    summary: summariseSurvey(survey),
    survey,
  };
}

/** The check as plain JSON: problems, then what families found by the names of their findings, then the summary. */
export function checkJson({ folder, format, usable, problems, findings, summary }: CheckedData): object {
  const found = Object.fromEntries(findings.map(({ name, values }) => [name, values]));
  return { folder, format, usable, problems, ...found, ...summary };
}
