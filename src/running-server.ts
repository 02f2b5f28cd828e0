/** What whoever started a server holds of it. */
export interface RunningServer {
  /** Where it listens, with the port that was really taken. */
  readonly url: string;
  /** Everything is saved and closed when it resolves. */
  stop(): Promise<void>;
}
