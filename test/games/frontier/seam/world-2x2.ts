/** The seamless world as 2 by 2 cells: a file of its own, because worker threads load their game from one. */
import { seamlessGame } from './seamless.js';

export default seamlessGame(2);
