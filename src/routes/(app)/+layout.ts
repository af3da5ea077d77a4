// Everything inside runs on the device's own database: the server sends the same empty page to everyone.
export const ssr = false;
