export { type CurvePoint, type NamedPoint, scoreChart, smooth, svg, trendChart } from './charts.ts';
export {
  absent,
  addedGround,
  border,
  chartColours,
  ground,
  guide,
  ink,
  muted,
  strongBorder,
  universalColours,
  warning,
} from './colours.ts';
export { counted } from './counted.ts';
export { checkPage } from './data-check/check-page.ts';
export { checkText } from './data-check/check-text.ts';
export type { DataCheck, FindingTable } from './data-check/data-check.ts';
export { picturedImages } from './data-check/pictured-images.ts';
export { escapeHtml, facts, figure, page, table, type TableRow } from './html.ts';
export { type ChartedTerm, curve, type LearningEntry, learningSection } from './learning.ts';
export { scoreMeanings, scoreTable, shortScore } from './scores.ts';
export { textTable } from './text-table.ts';
