// The app shell: an empty page that starts the app at whatever address it was served for. The service worker keeps it and
// answers every navigation with it when the network is away.
export const prerender = true;
export const ssr = false;
