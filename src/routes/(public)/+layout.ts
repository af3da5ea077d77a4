// Rendered on the server, complete without a script: for borrowed phones, old browsers, and whoever only wants to check.
export const csr = false;
export const prerender = false;
export const ssr = true;
