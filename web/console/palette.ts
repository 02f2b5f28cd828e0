/** The colours of the page, for what is drawn and not styled. */
export interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly warn: string;
  readonly bad: string;
  /** Of each kind of cost, in their order. */
  readonly costs: readonly string[];
}
