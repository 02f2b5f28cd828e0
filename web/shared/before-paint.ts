/** Runs before anything is painted, so that nobody who wants it dark sees it light first. */
import { applyTheme } from './theme.js';

applyTheme();
