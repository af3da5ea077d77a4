import { createContext } from 'svelte';
import type { Staff } from '#lib/client/staff/staff.ts';

/** For pages inside (staff): the layout has made it. */
export const [useStaff, provideStaff] = createContext<Staff>();
