/** A quarter of the 10,000 schedules of every `npm test`; the quarters run side by side. */
import { simulateQuarter } from './simulate-quarter.ts';

simulateQuarter(1);
