/** The seamless world as 4 by 4 cells: a file of its own, because worker threads load their game from one. */
import { seamlessGame } from './seamless.js';

export default seamlessGame(4);
