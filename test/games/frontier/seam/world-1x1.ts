/** The seamless world as 1 by 1 cells: a file of its own, because worker threads load their game from one. */
import { seamlessGame } from './seamless.js';

export default seamlessGame(1);
