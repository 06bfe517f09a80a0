import type { DatasetFormat, Problem, SurveySummary } from '@pffnet/datasets';
import type { AnchorFit } from './anchor-fits.ts';

/** Everything that `data check` says. */
export interface DataCheck {
  readonly folder: string;
  readonly format: DatasetFormat;
  /** Whether there is no error among the problems. */
  readonly usable: boolean;
  /** Errors first. */
  readonly problems: readonly Problem[];
  readonly anchors: readonly AnchorFit[];
  readonly summary: SurveySummary;
}
