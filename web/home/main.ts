/** The first page: how this server does at this moment, and a small world behind the title. */
import { byId, setText } from '../shared/dom.js';
import { startTheme } from '../shared/theme.js';
import { startWalkers } from './walkers.js';

const REFRESH_MS = 2000;

/** What this page shows of `GET /status`. */
interface Status {
  readonly tick_loop: { readonly paused: boolean; readonly tick_number: number; readonly tick_interval_ms: number };
  readonly live_zones: number;
  readonly connections: number;
  readonly uptime_s: number;
  readonly version: string;
}

const repaint = startWalkers(byId('world', HTMLCanvasElement));
startTheme(byId('theme', HTMLButtonElement), repaint);
void refresh();
setInterval(() => {
  if (!document.hidden) void refresh();
}, REFRESH_MS);

async function refresh(): Promise<void> {
  try {
    const answer = await fetch('/status');
    if (answer.ok) show((await answer.json()) as Status); // of the server that this page is from
  } catch {
    show(null);
  }
}

/** null: it does not answer. */
function show(status: Status | null): void {
  const loop = status?.tick_loop;
  const shown = {
    tick: loop ? `${loop.tick_number.toLocaleString('en')}${loop.paused ? ' (paused)' : ''}` : 'no answer',
    interval: loop ? `${loop.tick_interval_ms} ms` : '–',
    zones: String(status?.live_zones ?? '–'),
    connections: String(status?.connections ?? '–'),
    uptime: status ? duration(status.uptime_s) : '–',
    version: status?.version ?? '–',
  };
  for (const [id, text] of Object.entries(shown)) setText(byId(id, HTMLElement), text);
}

function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
