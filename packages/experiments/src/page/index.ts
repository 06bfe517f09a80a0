export { type CurvePoint, type NamedPoint, scoreChart, smooth, svg, trendChart } from './charts.ts';
export { border, guide, ink, muted, chartColours, strongBorder, universalColours } from './colours.ts';
export { counted } from './counted.ts';
export { escapeHtml, facts, figure, page, table, type TableRow } from './html.ts';
export { curve, learningSection } from './learning.ts';
export { type Provenance, provenance } from './provenance.ts';
export { scoreMeanings, scoreTable, shortScore } from './scores.ts';
