/** The figures of a report as data: what is drawn, never how. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly dashed?: boolean;
}

/** A stretch of the x axis with a name, such as a phase of an outage. */
export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface Axis {
  readonly name: string;
  readonly log?: boolean;
  readonly min?: number;
  readonly max?: number;
}

interface Titled {
  readonly title: string;
  /** What to see in it, in a sentence or two. */
  readonly caption: string;
}

/** Percentile curves: the share of calls against how long they took. */
export interface PercentileFigure extends Titled {
  readonly kind: 'percentiles';
  readonly unit: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [share: number, value: number])[];
  }[];
}

/** Horizontal bars, one a row, each of one or more parts laid end to end. */
export interface BarFigure extends Titled {
  readonly kind: 'bars';
  readonly unit: string;
  readonly parts: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    /** A part for each name; none if there is nothing to show. */
    readonly values: readonly number[];
    /** Not the product: drawn paler. */
    readonly control?: boolean;
  }[];
}

/** Lines over a numeric axis, in one or more panels that share it. */
export interface LineFigure extends Titled {
  readonly kind: 'lines';
  readonly x: Axis;
  readonly spans?: readonly Span[];
  readonly panels: readonly {
    readonly y: Axis;
    readonly lines: readonly Line[];
    /** Laid on top of each other as areas. */
    readonly stacked?: boolean;
    /** Drawn as areas from the bottom, in the colours of outcomes. */
    readonly outcomes?: boolean;
    readonly name?: string;
  }[];
}

export type Figure = PercentileFigure | BarFigure | LineFigure;
