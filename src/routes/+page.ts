// Drawn by the browser: it depends on who is known on this device.
export const ssr = false;
